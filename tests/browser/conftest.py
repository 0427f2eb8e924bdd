"""What tests in a browser share: staff who are signed in, a station in service, its simulator."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from stations.domain.setup_state import SetupState
from stations.models import Location, Station, User
from stations.simulator.station import SimulatedStation
from tests import factories
from tests.back_office import BackOffice
from tests.staff import browser_of, superuser

PATIENCE_MS = 15_000
PATIENCE_S = PATIENCE_MS / 1000
expect.set_options(timeout=PATIENCE_MS)


class Simulated:
    """A simulated station that lives on a loop of its own; what is asked of it is waited for."""

    def __init__(self, station: SimulatedStation) -> None:
        self.station = station
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="station", daemon=True)
        self._thread.start()

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        waiting: Future[Any] = asyncio.run_coroutine_threadsafe(what, self._loop)
        return waiting.result(PATIENCE_S)

    def come_online(self) -> None:
        """Connect, boot and report the connectors."""
        self.do(self.station.connect())
        self.do(self.station.boot())

    def close(self) -> None:
        self.do(self.station.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """As everywhere, and errors that scripts write to the console fail the test."""
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    assert not errors


@pytest.fixture
def place(back_office: BackOffice) -> Location:
    return factories.location(name="Stationsplein", slug="stationsplein", city="Utrecht")


@pytest.fixture
def station(place: Location) -> Station:
    """A station in service with two EVSEs, which has not been heard of yet."""
    made = factories.station(
        identity="CS-BROWSER",
        operator=place.operator,
        location=place,
        setup_state=SetupState.ACTIVE,
    )
    for number in (1, 2):
        factories.evse(made, number=number)
    return made


@pytest.fixture
def simulated(back_office: BackOffice, station: Station) -> Iterator[Simulated]:
    running = Simulated(SimulatedStation(back_office.ws_url, station.identity, evses=2))
    yield running
    running.close()


@pytest.fixture
def staff(back_office: BackOffice) -> User:
    return superuser()


@pytest.fixture
def desk(page: Page, back_office: BackOffice, staff: User) -> Page:
    """A page of somebody who has signed in."""
    cookie = browser_of(staff).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": back_office.url}]
    )
    return page
