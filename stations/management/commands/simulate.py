"""Run simulated charging stations against a central system, or measure how much it can take."""

import asyncio
import resource
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from stations.simulator.benchmark import BenchmarkOptions, describe, run_benchmark
from stations.simulator.fleet import MIXED, VERSIONS, FleetOptions, run_fleet

DEFAULT_URL = "ws://127.0.0.1:8000/ocpp"


class Command(BaseCommand):
    """Needs no database: it speaks to the server as stations do."""

    help = "Runs a fleet of simulated stations over real websockets, or with --benchmark a load."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stations", type=int, default=10)
        parser.add_argument("--ocpp", choices=[*VERSIONS, MIXED], default="1.6")
        parser.add_argument("--url", default=DEFAULT_URL, help="without the identity")
        parser.add_argument("--prefix", default="SIM", help="identities are PREFIX-0001 and so on")
        parser.add_argument("--password", help="HTTP Basic password of every station")
        parser.add_argument("--tag", action="append", help="token to charge with; repeatable")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--speedup", type=float, default=1.0, help="how fast their time runs")
        parser.add_argument("--duration", type=float, help="seconds; a fleet runs on without it")
        parser.add_argument("--benchmark", action="store_true")
        parser.add_argument("--rate", type=float, help="benchmark: messages/s; default: no limit")
        parser.add_argument(
            "--server-pid", type=int, action="append", help="benchmark: also measure its CPU"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _allow_many_sockets()
        try:
            asyncio.run(self._benchmark(options) if options["benchmark"] else _fleet(options))
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    async def _benchmark(self, options: dict[str, Any]) -> None:
        result = await run_benchmark(
            BenchmarkOptions(
                url=options["url"],
                stations=options["stations"],
                version="1.6" if options["ocpp"] == MIXED else options["ocpp"],
                prefix=options["prefix"],
                password=options["password"],
                id_tag=(options["tag"] or ["BENCHTAG"])[0],
                duration_s=options["duration"] or 15.0,
                rate_per_s=options["rate"],
                server_pids=tuple(options["server_pid"] or ()),
            )
        )
        self.stdout.write("\n".join(describe(result)))


async def _fleet(options: dict[str, Any]) -> None:
    fleet_options = FleetOptions(
        prefix=options["prefix"],
        password=options["password"],
        tags=tuple(options["tag"] or FleetOptions().tags),
        speedup=options["speedup"],
        seed=options["seed"],
    )
    try:
        async with asyncio.timeout(options["duration"]):
            await run_fleet(options["url"], options["stations"], options["ocpp"], fleet_options)
    except TimeoutError:
        return


def _allow_many_sockets() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
