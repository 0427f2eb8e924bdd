"""Provisions stations in bulk from a CSV file."""

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from stations.services.provisioning import COLUMNS, RowsRefused, add_stations

MOST_ERRORS_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Add the stations of a CSV file, all or none. Columns, in any order: "
        f"{', '.join(COLUMNS)}; identity alone is enough."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the CSV file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = self._add(options["file"])
        except RowsRefused as refused:
            shown = refused.errors[:MOST_ERRORS_SHOWN]
            lines = [f"line {error.line}: {error.message}" for error in shown]
            if len(shown) < len(refused.errors):
                lines.append(f"and {len(refused.errors) - len(shown)} more")
            raise CommandError("\n".join(["No station was added.", *lines])) from refused
        except (OSError, csv.Error, UnicodeDecodeError) as error:
            raise CommandError(f"No station was added: {error}") from error
        self.stdout.write(f"{count} stations added.")

    def _add(self, name: str) -> int:
        if name == "-":
            return add_stations(_rows(sys.stdin))
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            return add_stations(_rows(file))


def _rows(file: TextIO) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (line, row) of a file whose first line names the columns."""
    reader = csv.DictReader(file, skipinitialspace=True)
    names = [name.strip().lower() for name in reader.fieldnames or []]
    unknown = sorted(set(names) - set(COLUMNS))
    if unknown or "identity" not in names or len(set(names)) < len(names):
        raise CommandError(
            f"The first line names the columns: identity, and any of {', '.join(COLUMNS[1:])}. "
            f"It is: {', '.join(names) or 'empty'}."
        )
    reader.fieldnames = names
    for row in reader:
        if None in row:
            raise CommandError(
                f"No station was added.\nline {reader.line_num}: more values than columns"
            )
        yield reader.line_num, {name: (value or "").strip() for name, value in row.items()}
