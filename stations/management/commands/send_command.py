"""Send a command to a station and print its answer."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command as StationCommand
from stations.models import Station
from stations.services.command_checks import CommandRefused
from stations.services.commands import StationOffline, send_command


class Command(BaseCommand):
    """Prints the row as JSON; the exit code is 1 unless the station accepted."""

    help = "Sends a command to a connected station and prints the answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identity", help="the station's OCPP ID")
        parser.add_argument("kind", nargs="?", help=", ".join(CommandKind))
        parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--evse", help="number, EVSE ID or UID")
        parser.add_argument("--wait", type=float, default=30.0, help="seconds")
        parser.add_argument("--raw", nargs=2, metavar=("ACTION", "JSON"), help="any CALL as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        station = Station.objects.filter(identity=options["identity"]).first()
        if station is None:
            raise CommandError(f"There is no station {options['identity']}.")
        kind, params = _request(options)
        try:
            command = send_command(
                station,
                kind,
                params,
                source=CommandSource.COMMAND_LINE,
                wait=timedelta(seconds=options["wait"]),
            )
        except CommandRefused as refusal:
            raise CommandError(_sentences(refusal)) from refusal
        except StationOffline as offline:
            raise CommandError(str(offline)) from offline
        self.stdout.write(json.dumps(_shown(command), indent=2, ensure_ascii=False))
        if command.state != CommandState.ACCEPTED:
            raise CommandError(f"The command is {command.state}.")


def _request(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if options["raw"]:
        action, text = options["raw"]
        try:
            return CommandKind.RAW, {"action": action, "payload": json.loads(text)}
        except json.JSONDecodeError as error:
            raise CommandError(f"The payload is not JSON: {error}.") from error
    if not options["kind"]:
        raise CommandError("Name a kind of command, or use --raw.")
    params = dict(_pair(text) for text in options["param"])
    return options["kind"], params | ({"evse": options["evse"]} if options["evse"] else {})


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise CommandError(f"--param {text} is not NAME=VALUE.")
    return name, value


def _sentences(refusal: CommandRefused) -> str:
    return "\n".join(f"{name}: {' '.join(errors)}" for name, errors in refusal.message_dict.items())


def _shown(command: StationCommand) -> dict[str, Any]:
    return {
        "id": command.pk,
        "kind": command.kind,
        "params": command.params,
        "state": command.state,
        "action": command.action,
        "answer": command.answer,
        "error_code": command.error_code,
        "error": command.error,
    }
