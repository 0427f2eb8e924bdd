"""Load on a central system over real websockets: how many messages it confirms, and how fast.

The stations here are bare frames with one CALL outstanding each, not `SimulatedStation`s: a full
station costs several times the server's work on its messages.  The bare frames too cost a good
part of it (some 40 µs a message were measured), so client and server need a core each; where they
share one, judge the server by its CPU per message.
"""

import asyncio
import base64
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from stations.simulator.benchmark_mix import MIXES, BareStation, Frame
from stations.simulator.processes import cpu_seconds

ANSWER_TIMEOUT_S = 30.0
CONNECTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkOptions:
    """What to run; without a rate every station sends its next CALL at once."""

    url: str
    stations: int = 100
    version: str = "1.6"
    prefix: str = "BENCH"
    password: str | None = None
    id_tag: str = "BENCHTAG"
    duration_s: float = 15.0
    warm_up_s: float = 2.0
    rate_per_s: float | None = None
    server_pids: tuple[int, ...] = ()


@dataclass(slots=True)
class Result:
    """What was measured inside the window."""

    latencies_s: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    window_s: float = 0.0
    client_cpu_s: float = 0.0
    server_cpu_s: float | None = None
    is_measuring: bool = False

    @property
    def confirmed(self) -> int:
        """CALLs answered with a CALLRESULT."""
        return sum(len(values) for values in self.latencies_s.values())


class Driver:
    """One station: connects, boots, then walks through its mix of messages again and again."""

    def __init__(self, options: BenchmarkOptions, result: Result, number: int) -> None:
        self.options = options
        self.result = result
        self.state = BareStation(f"{options.prefix}-{number:05d}", options.id_tag)
        self.socket: ClientConnection | None = None
        self.interval_s = options.stations / options.rate_per_s if options.rate_per_s else 0.0
        self.due_at = self.interval_s * number / options.stations

    async def begin(self, gate: asyncio.Semaphore) -> None:
        """Connect and boot."""
        identity = self.state.identity
        headers = {}
        if self.options.password is not None:
            pair = f"{identity}:{self.options.password}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        async with gate:
            self.socket = await connect(
                f"{self.options.url.rstrip('/')}/{identity}",
                subprotocols=[Subprotocol(f"ocpp{self.options.version}")],
                additional_headers=headers,
                compression=None,
                ping_interval=None,
                proxy=None,
            )
            for build in MIXES[self.options.version].boot:
                await self._call(build(self.state))

    async def run(self) -> None:
        """Send the mix until cancelled."""
        mix = MIXES[self.options.version]
        start = time.perf_counter()
        for build in chain.from_iterable(repeat(mix.session)):
            if self.interval_s:
                await asyncio.sleep(start + self.due_at - time.perf_counter())
                self.due_at += self.interval_s
            await self._call(build(self.state))

    async def end(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            await self.socket.close()

    async def _call(self, frame: Frame) -> None:
        action, payload = frame
        socket = self._connected()
        message_id = self.state.next_message_id()
        sent_at = time.perf_counter()
        await socket.send(f'[2,"{message_id}","{action}",{payload}]')
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            answer = await _answer_to(message_id, socket)
        if self.result.is_measuring:
            if answer[0] == 3:
                self.result.latencies_s[action].append(time.perf_counter() - sent_at)
            else:
                self.result.errors[f"{action} {answer[2]}"] += 1
        if answer[0] == 3:
            self.state.learn(answer[2])

    def _connected(self) -> ClientConnection:
        if self.socket is None:
            raise ConnectionError("station is not connected")
        return self.socket


async def _answer_to(message_id: str, socket: ClientConnection) -> list[Any]:
    """The answer to a CALL of ours; CALLs of the server are accepted in between."""
    while True:
        message: list[Any] = json.loads(await socket.recv())
        if message[0] == 2:
            await socket.send(json.dumps([3, message[1], {"status": "Accepted"}]))
        elif message[1] == message_id:
            return message


async def run_benchmark(options: BenchmarkOptions) -> Result:
    """Connect and boot all stations, warm up, measure; raises what the first connection raised."""
    result = Result()
    drivers = [Driver(options, result, number) for number in range(options.stations)]
    gate = asyncio.Semaphore(CONNECTS_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as group:
            for driver in drivers:
                group.create_task(driver.begin(gate))
        running = [asyncio.create_task(_counted(driver)) for driver in drivers]
        await asyncio.sleep(options.warm_up_s)
        await _measure(options, result)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    finally:
        await asyncio.gather(*(driver.end() for driver in drivers), return_exceptions=True)
    return result


async def _counted(driver: Driver) -> None:
    """Run a driver; a lost connection or a missing answer is a measured error, not an end."""
    try:
        await driver.run()
    except Exception as error:
        driver.result.errors[type(error).__name__] += 1
        raise


async def _measure(options: BenchmarkOptions, result: Result) -> None:
    server_before = cpu_seconds(options.server_pids)
    client_before, started_at = time.process_time(), time.perf_counter()
    result.is_measuring = True
    await asyncio.sleep(options.duration_s)
    result.is_measuring = False
    result.window_s = time.perf_counter() - started_at
    result.client_cpu_s = time.process_time() - client_before
    if options.server_pids:
        result.server_cpu_s = cpu_seconds(options.server_pids) - server_before


def describe(result: Result) -> list[str]:
    """The result as a table, one text a line."""
    seconds, count = max(result.window_s, 1e-9), max(result.confirmed, 1)
    lines = [
        f"confirmed {result.confirmed} in {result.window_s:.1f} s = "
        f"{result.confirmed / seconds:.0f} messages/s",
        f"{'action':<20}{'per s':>9}{'p50':>9}{'p95':>9}{'p99':>9}  ms",
    ]
    every = list(chain.from_iterable(result.latencies_s.values()))
    for action, values in [("all", every), *sorted(result.latencies_s.items())]:
        cells = "".join(f"{percentile_ms(values, share):9.2f}" for share in (0.50, 0.95, 0.99))
        lines.append(f"{action:<20}{len(values) / seconds:9.1f}{cells}")
    lines.append(f"errors {sum(result.errors.values())} {dict(result.errors) or ''}".rstrip())
    for name, cpu_s in (("client", result.client_cpu_s), ("server", result.server_cpu_s)):
        if cpu_s is not None:
            lines.append(
                f"{name} CPU {cpu_s:.2f} s = {100 * cpu_s / seconds:.0f} %, "
                f"{1e6 * cpu_s / count:.0f} µs a message"
            )
    return lines


def percentile_ms(values_s: list[float], share: float) -> float:
    """The latency in milliseconds that a share of the messages stayed within; 0 for none."""
    if not values_s:
        return 0.0
    return sorted(values_s)[min(len(values_s) - 1, int(len(values_s) * share))] * 1000
