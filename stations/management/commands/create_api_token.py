"""Prints a new API token, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stations.domain.roles import IntegratorGroup
from stations.models import Operator
from stations.services.integrators import IntegratorRefused, create_token
from stations.services.operators import find_operator


class Command(BaseCommand):
    help = "Create a token for a program that calls the API; prints the token and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name of the program")
        parser.add_argument(
            "--group",
            choices=[group.value for group in IntegratorGroup],
            default=IntegratorGroup.FULL_API.value,
            help="what the token may do (default: %(default)s)",
        )
        parser.add_argument(
            "--operator",
            action="append",
            default=[],
            metavar="CC*PPP",
            help="limit the token to this operator; repeatable. Without it a Full API token sees "
            "all operators, and any other none.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        operators = [self._operator(text) for text in options["operator"]]
        group = IntegratorGroup(options["group"])
        if not operators and group is not IntegratorGroup.FULL_API:
            self.stderr.write("The token sees no operator: name them with --operator.")
        try:
            token = create_token(options["name"], group=group, operators=operators)
        except IntegratorRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(token)

    def _operator(self, text: str) -> Operator:
        operator = find_operator(text)
        if operator is None:
            raise CommandError(f"there is no operator {text}, expected one like NL*CHD")
        return operator
