"""The drivers' pages on a phone, with and without scripts, in the language of the phone."""

import pytest
from playwright.sync_api import expect

from scheduling.domain.statuses import Cause, PublicStatus
from tests.roaming.scenes import publish, window


@pytest.fixture
def phone(browser, back_office):
    context = browser.new_context(
        base_url=back_office.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        java_script_enabled=False,
        locale="nl-NL",
    )
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def _published(station):
    first, second = station.evses.order_by("number")
    publish(first, PublicStatus.AVAILABLE)
    shown = window(PublicStatus.OUT_OF_ORDER, evse=second, hours=None, message="De kabel is stuk.")
    publish(second, PublicStatus.OUT_OF_ORDER, cause=Cause.WINDOW, window=shown)


def test_drivers_find_what_is_free_without_scripts(phone):
    phone.goto("/status/")
    phone.get_by_role("searchbox").fill("utrecht")
    phone.get_by_role("button", name="Zoeken").tap()
    expect(phone.get_by_text("1 van 2 vrij")).to_be_visible()
    phone.get_by_role("link", name="Stationsplein").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Stationsplein")
    expect(phone.get_by_role("listitem").nth(0)).to_contain_text("Vrij")
    expect(phone.get_by_role("listitem").nth(1)).to_contain_text("De kabel is stuk.")


@pytest.mark.parametrize("path", ["/status/", "/status/locations/stationsplein/"])
def test_nothing_is_wider_than_a_phone(phone, path):
    phone.goto(path)
    wide = phone.locator("body *").evaluate_all(
        "all => all.filter(each => each.getBoundingClientRect().right > 390).length"
    )
    assert wide == 0


def test_a_page_is_small(page):
    sizes = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto("/status/", wait_until="networkidle")
    assert sum(sizes) < 50_000
