"""Boundaries that pass while no Celery worker runs are in force soon after its return."""

import asyncio
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import pytest
from django.conf import settings

from config.celery import app
from config.serving.celery_threads import start_celery_threads, stop_celery_threads
from stations.domain.roles import IntegratorGroup
from stations.services.first_start import ensure_first_data
from stations.services.integrators import create_token
from tests.back_office import back_office_in_thread
from tests.flows.api import Api
from tests.flows.installation import Office
from tests.flows.scenes import VERSIONS, in_seconds, passed, spot

pytestmark = [
    pytest.mark.xdist_group("flows-restart"),
    pytest.mark.django_db(transaction=settings.EMBEDDED),  # served_in_thread shares it
]

AT_MOST = timedelta(seconds=5)


@contextmanager
def served_in_thread():
    """The embedded size within this process, where worker and beat can be stopped alone."""

    @contextmanager
    def celery():
        start_celery_threads(app)
        try:
            yield
        finally:
            stop_celery_threads()

    ensure_first_data("flows")
    token = create_token("flows", group=IntegratorGroup.FULL_API, operators=[])
    with back_office_in_thread() as running, Api(running.url, token) as api:
        yield Office(running.url, api), celery


@pytest.fixture
def served(request):
    """A server without Celery, and how to run that beside it."""
    if settings.EMBEDDED:
        with served_in_thread() as found:
            yield found
    else:
        installation = request.getfixturevalue("installation")
        with installation.serve("--server", "uvicorn") as office:
            yield office, installation.celery


async def test_missed_boundaries_are_made_good_when_workers_return(served):
    office, celery = served
    async with spot(office, VERSIONS[0]) as begun, spot(office, VERSIONS[1]) as ended:
        async with running(celery):
            window = await ended.set_window(starts_at=in_seconds(0), ends_at=in_seconds(60))
            await ended.told_availability("Inoperative")
            await ended.programs_see(reported_status="Unavailable")
        boundary = in_seconds(1)
        await begun.set_window(starts_at=boundary)
        await office.api.patch(f"status-windows/{window['id']}/", ends_at=boundary.isoformat())
        await passed(boundary)
        assert (await begun.station.heartbeat())["currentTime"]

        async with running(celery):
            back_at = in_seconds(0)
            assert await begun.told_availability("Inoperative", within_s=10) <= back_at + AT_MOST
            assert await ended.told_availability("Operative", within_s=10) <= back_at + AT_MOST
            assert await begun.drivers_see("OUT_OF_ORDER") <= back_at + AT_MOST
            assert await ended.drivers_see("AVAILABLE") <= back_at + AT_MOST


@asynccontextmanager
async def running(celery):
    """Start and stop Celery without keeping the stations from answering."""
    context = celery()
    await asyncio.to_thread(context.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)
