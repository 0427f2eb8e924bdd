"""What staff do with the back office, in a real browser, with a real station at the other end."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import StatusWindow

DAY = timedelta(days=1)


def fill_row(row, *, starts_at, ends_at, status="MAINTENANCE", message=""):
    for field, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        row.locator(f"[name$={field}]").fill(at.strftime("%Y-%m-%dT%H:%M"))
    row.locator("[name$=status]").select_option(status)
    row.locator("[name$=message]").fill(message)


def test_staff_sign_in_and_see_the_dashboard_change(page, staff, station, simulated):
    staff.set_password("a password for a test")
    staff.save()
    page.goto("/admin/")
    page.get_by_label("Username").fill(staff.username)
    page.get_by_label("Password").fill("a password for a test")
    page.get_by_role("button", name="Log in").click()
    online = page.locator("a.ch-kpi", has_text="Stations online").locator("b")
    expect(online).to_have_text("0 / 1")
    simulated.come_online()
    expect(online).to_have_text("1 / 1")
    expect(page.get_by_role("row", name="CS-BROWSER").first).to_contain_text("Available")


def test_a_maintenance_window_is_scheduled_and_published(desk, station):
    desk.goto("/admin/stations/station/")
    desk.get_by_role("link", name="CS-BROWSER").click()
    desk.get_by_role("link", name="Status Scheduling").click()
    expect(desk.get_by_text("Nothing is scheduled.")).to_be_visible()
    desk.get_by_role("button", name="Click here to add a schedule").click()
    begin = timezone.now() - timedelta(hours=1)
    fill_row(desk.locator("[data-row]"), starts_at=begin, ends_at=begin + DAY, message="Cable")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".ch-bar", has_text="Maintenance Cable")).to_be_visible()
    assert station.status_windows.get().message == "Cable"
    desk.get_by_role("link", name="Overview").click()
    expect(desk.locator(".ch-evse").first.locator("header")).to_contain_text("Maintenance")


def test_an_overlap_is_told_next_to_its_row(desk, station):
    begin = timezone.now() + DAY
    desk.goto(f"/admin/stations/station/{station.pk}/schedule/")
    rows = desk.locator("[data-rows-here] > [data-row]")
    for number in (0, 1):
        desk.get_by_role("button", name="Add a row").click()
        fill_row(rows.nth(number), starts_at=begin, ends_at=begin + DAY)
    desk.get_by_role("button", name="Save").click()
    expect(rows.nth(1).get_by_role("alert")).to_contain_text("Overlaps")
    expect(rows.nth(0).get_by_role("alert")).to_have_count(0)
    assert not StatusWindow.objects.exists()


def test_a_command_shows_its_answer_in_place_each_time(desk, station, simulated):
    simulated.come_online()
    desk.goto(f"/admin/stations/station/{station.pk}/commands/")
    desk.get_by_role("tab", name="Trigger message").click()
    form = desk.locator("form:visible", has=desk.locator("[name=message]"))
    form.locator("[name=message]").select_option("Heartbeat")
    answer = form.locator(".ch-answer")
    for number in (1, 2):
        with desk.expect_response("**/send/**"):
            form.get_by_role("button", name="Send").click()
        expect(answer.locator("a")).to_have_text(f"#{station.commands.latest('pk').pk}")
        expect(answer).to_contain_text("Accepted")
        assert station.commands.count() == number


def test_a_command_to_a_station_that_is_offline_says_what_to_do(desk, station):
    desk.goto(f"/admin/stations/station/{station.pk}/commands/")
    desk.locator("form:visible").get_by_role("button", name="Send").click()
    expect(desk.get_by_role("alert")).to_contain_text("CS-BROWSER is offline. Tick the box")


def test_messages_are_followed_live(desk, station, simulated):
    desk.goto("/admin/diagnostics/message/live/")
    simulated.come_online()
    boot = desk.locator(".ch-tail-row", has_text="BootNotification")
    expect(boot).to_contain_text("CS-BROWSER")
    desk.get_by_role("button", name="Pause").click()
    expect(desk.get_by_text("Paused")).to_be_visible()
    boot.locator("summary").click()
    expect(boot.locator("pre").nth(1)).to_contain_text('"status": "Accepted"')
