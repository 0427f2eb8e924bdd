"""`manage.py demo`: the back office with sample data and a simulated fleet beside it."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from config.demo.places import FLEET, PREFIX, SPEEDUP, TOKENS
from config.demo.sample_data import ensure_sample_data
from config.management.commands import serve

STOP_TIMEOUT_S = 5


class Command(serve.Command):
    help = "Serves like `serve`, on sample data, with simulated stations over real websockets."
    fleet: subprocess.Popen[bytes] | None = None
    options: dict[str, Any]

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--stations", type=int, default=FLEET)
        parser.add_argument("--speedup", type=float, default=SPEEDUP)

    def handle(self, *args: Any, **options: Any) -> None:
        serve.refuse_impossible(options["server"], options["workers"])
        self.options = options
        ensure_sample_data(timezone.now())
        try:
            super().handle(*args, **options)
        finally:
            self.stop_fleet()

    def get_ready(self, url: str) -> None:
        super().get_ready(url)
        self.fleet = subprocess.Popen(fleet_command(url, self.options))  # noqa: S603 - our own

    def stop_fleet(self) -> None:
        """End the fleet: Ctrl-C has told it already, SIGTERM has not."""
        if self.fleet is None:
            return
        self.fleet.terminate()
        try:
            self.fleet.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.fleet.kill()
            self.fleet.wait()


def fleet_command(url: str, options: dict[str, Any]) -> list[str]:
    """Return the command that runs the fleet against the back office at `url`."""
    return [
        *(sys.executable, sys.argv[0], "simulate"),
        *("--url", url.replace("http://", "ws://", 1) + "/ocpp"),
        *("--stations", str(options["stations"]), "--ocpp", "mixed", "--prefix", PREFIX),
        *("--speedup", str(options["speedup"])),
        *(word for tag in TOKENS for word in ("--tag", tag)),
    ]
