"""Signing in, in a real browser."""

from stations.services.first_start import ensure_first_data


def test_administrator_signs_in_and_sees_the_dashboard(page):
    start = ensure_first_data("a long password")
    page.goto("/")
    page.fill("[name=username]", start.username)
    page.fill("[name=password]", "a long password")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    assert page.title().startswith("Dashboard")
    assert page.get_by_role("heading", name="Dashboard").is_visible()
