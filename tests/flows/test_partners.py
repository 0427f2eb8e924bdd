"""A partner that does not answer gets the newest status later; others do not wait for it."""

import asyncio
import threading
from datetime import timedelta
from http.server import ThreadingHTTPServer

import pytest

from tests.flows.scenes import in_seconds, register, spot, statuses_in, told
from tests.roaming.ocpi_partner import OcpiPartner

pytestmark = [pytest.mark.xdist_group("flows-shared"), pytest.mark.django_db]

SOON = timedelta(seconds=2)


class MortalPartner(OcpiPartner):
    """A partner whose platform can be off for a while."""

    def die(self) -> None:
        self._port, self._handler = self._server.server_port, self._server.RequestHandlerClass
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def come_back(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()


async def test_dead_partner_is_told_the_newest_status_when_it_is_back(office):
    with MortalPartner() as dead, OcpiPartner() as healthy:
        dead_id = await register(office.api, dead, "Dead")
        healthy_id = await register(office.api, healthy, "Healthy")
        async with spot(office, "1.6") as place:
            await told(dead, place, "AVAILABLE")
            before = len(dead.pushes)
            dead.die()
            for status, word in (("MAINTENANCE", "INOPERATIVE"), ("OUT_OF_ORDER", "OUTOFORDER")):
                changed_at = in_seconds(0)
                window = await place.set_window(
                    starts_at=changed_at, status=status, takes_out_of_service=False
                )
                assert (await told(healthy, place, word, after=changed_at)).at <= changed_at + SOON
                await _tried(office.api, dead_id, place)
                if status == "MAINTENANCE":
                    await office.api.delete(f"status-windows/{window['id']}/")

            dead.come_back()
            await told(dead, place, "OUTOFORDER")
            await office.api.until(
                lambda page: not page["results"], "deliveries/", partner=dead_id, state="pending"
            )
            later = [statuses_in(push)[place.uid] for push in dead.pushes[before:]]
            assert later == ["OUTOFORDER"]
        await _forget(office.api, dead_id, healthy_id)
        assert dead.problems == healthy.problems == []


async def test_partner_that_hangs_delays_nobody_else(office):
    with OcpiPartner() as hanging, OcpiPartner() as healthy:
        ids = [
            await register(office.api, hanging, "Hanging"),
            await register(office.api, healthy, "Healthy"),
        ]
        async with spot(office, "2.0.1") as place:
            await told(hanging, place, "AVAILABLE")
            hanging.behaviour.gate = threading.Event()
            for status, word in (("MAINTENANCE", "INOPERATIVE"), ("OUT_OF_ORDER", "OUTOFORDER")):
                changed_at = in_seconds(0)
                window = await place.set_window(
                    starts_at=changed_at, status=status, takes_out_of_service=False
                )
                assert (await told(healthy, place, word, after=changed_at)).at <= changed_at + SOON
                if status == "MAINTENANCE":
                    await office.api.delete(f"status-windows/{window['id']}/")
            hanging.behaviour.gate.set()
            await told(hanging, place, "OUTOFORDER")
        await _forget(office.api, *ids)


async def _tried(api, partner_id, place):
    """Wait until a delivery has failed and is to be tried again."""
    await api.until(
        lambda page: any(row["attempts"] and row["error"] for row in page["results"]),
        "deliveries/",
        partner=partner_id,
        evse=place.uid,
        state="pending",
    )


async def _forget(api, *partner_ids):
    await asyncio.gather(*(api.delete(f"partners/{each}/") for each in partner_ids))
