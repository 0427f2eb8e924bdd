"""axe-core finds nothing serious, in light and dark, on a desk and on a phone."""

from pathlib import Path

import pytest

from scheduling.domain.statuses import PublicStatus
from tests import factories
from tests.roaming.scenes import publish, window

AXE = Path(__file__).parents[1] / "vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """
async rules => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .flatMap(each => each.nodes.map(node => `${each.id}: ${node.target.join(" ")} ${node.html}`))
"""
WIDTHS = {"light": 1440, "dark": 390}


@pytest.fixture
def paths(station, place):
    """A page of each kind, with something on each."""
    evse = station.evses.order_by("number").first()
    publish(evse, PublicStatus.MAINTENANCE)
    shown = window(PublicStatus.MAINTENANCE, station=station, hours=None, message="Cable")
    factories.command(station)
    session = factories.session(station, evse=evse, last_power_w=11_000)
    own, admin = f"stations/station/{station.pk}", "/admin"
    tabs = ("overview", "schedule", "connectors", "commands", "sessions", "change")
    return [
        "/status/",
        f"/status/locations/{place.slug}/",
        "/admin/",
        *(f"{admin}/{own}/{tab}/" for tab in tabs),
        f"{admin}/stations/location/{place.pk}/boxes/",
        f"{admin}/scheduling/statuswindow/temporary/{evse.pk}/",
        f"{admin}/scheduling/statuswindow/{shown.pk}/change/",
        f"{admin}/charging/chargingsession/{session.pk}/change/",
        f"{admin}/stations/station/",
        f"{admin}/scheduling/statuswindow/",
        f"{admin}/diagnostics/message/",
        f"{admin}/diagnostics/message/live/",
        f"{admin}/charging/token/add/",
    ]


def faults(page, path):
    page.goto(path)
    page.evaluate(AXE.read_text())
    return [f"{path} {fault}" for fault in page.evaluate(RUN, RULES)]


def dressed(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": WIDTHS[scheme], "height": 900})


@pytest.mark.parametrize("scheme", WIDTHS)
def test_axe_finds_nothing_serious(desk, paths, scheme):
    dressed(desk, scheme)
    assert [fault for path in paths for fault in faults(desk, path)] == []


@pytest.mark.parametrize("scheme", WIDTHS)
def test_axe_finds_nothing_serious_before_signing_in(page, scheme):
    dressed(page, scheme)
    assert faults(page, "/admin/login/") == []
