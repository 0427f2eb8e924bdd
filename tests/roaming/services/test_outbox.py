from datetime import timedelta

import pytest

from roaming.domain.words import DeliveryState, PartnerState, SendResult
from roaming.models import Delivery
from roaming.services.announcing import announce
from roaming.services.outbox import Outcome, claim, settle
from scheduling.domain.statuses import PublicStatus
from scheduling.models import PublishedStatus
from tests import factories
from tests.roaming.scenes import NOW, deliveries, place, point, publish, registered

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def evse():
    return point(place())


@pytest.fixture
def partner(evse):
    return registered(evse.station.operator)


def change(evse, status=PublicStatus.OCCUPIED, *, at=NOW):
    publish(evse, status, at=at)
    return announce(at)


def failed(claimed, result=SendResult.FAILED):
    return Outcome(claimed, result, error="HTTP 500")


def told(claimed, status="OCCUPIED"):
    return Outcome(claimed, SendResult.ACKNOWLEDGED, status, NOW, http_status=200, ocpi_status=1000)


def test_a_change_becomes_a_delivery_for_each_partner_of_the_operator(evse, partner):
    registered(evse.station.operator, inbound_digest="other")
    registered(factories.operator(), inbound_digest="somebody else's")
    assert change(evse) == 1
    assert deliveries() == [("OCCUPIED", "pending")] * 2
    assert announce(NOW) == 0


@pytest.mark.parametrize(
    "fields", [{"state": PartnerState.PENDING}, {"state": "suspended"}, {"is_pushed": False}]
)
def test_partners_that_are_not_pushed_get_no_deliveries(evse, fields):
    registered(evse.station.operator, **fields)
    assert change(evse) == 1
    assert deliveries() == []
    assert PublishedStatus.objects.get().is_announced


def test_what_partners_may_not_see_is_not_announced_to_them(partner):
    change(point(place(operator=partner.operator, is_published=False)))
    change(point(place(operator=partner.operator), setup_state="SETUP"))
    assert deliveries() == []


def test_announcing_many_takes_as_many_queries_as_one(partner, django_assert_num_queries):
    for count in (1, 20):
        for _ in range(count):
            publish(point(place(operator=partner.operator)), PublicStatus.AVAILABLE)
        with django_assert_num_queries(9):
            assert announce(NOW) == count


def test_a_claimed_delivery_is_nobody_elses(evse, partner):
    change(evse)
    assert len(claim(partner.pk, now=NOW)) == 1
    assert claim(partner.pk, now=NOW) == []


def test_a_claim_that_was_never_settled_becomes_due_again(evse, partner):
    change(evse)
    (lost,) = claim(partner.pk, now=NOW)
    assert claim(partner.pk, now=NOW + timedelta(seconds=59)) == []
    (again,) = claim(partner.pk, now=NOW + timedelta(seconds=60))
    assert (again.delivery_id, again.attempts) == (lost.delivery_id, 2)


def test_a_sender_that_comes_back_too_late_settles_nothing(evse, partner):
    change(evse)
    (lost,) = claim(partner.pk, now=NOW)
    (again,) = claim(partner.pk, now=NOW + timedelta(seconds=61))
    settle(partner.pk, [failed(lost)], now=NOW + timedelta(seconds=62))
    assert Delivery.objects.get().due_at == again.lease_until


def test_only_the_newest_of_an_evse_is_sent(evse, partner):
    for number, status in enumerate(["OCCUPIED", "AVAILABLE", "FAULTED"]):
        change(evse, PublicStatus(status), at=NOW + number * SECOND)
    claimed = claim(partner.pk, now=LATER)
    assert [each.delivery_id for each in claimed] == [Delivery.objects.latest("pk").pk]
    assert [state for _, state in deliveries()] == ["superseded", "superseded", "pending"]


def test_what_waits_longest_is_sent_first(partner):
    points = [point(place(operator=partner.operator)) for _ in range(3)]
    for number, each in enumerate([points[2], points[0], points[1]]):
        change(each, at=NOW + number * SECOND)
    claimed = [each.evse_id for each in claim(partner.pk, now=LATER)]
    assert claimed == [points[2].pk, points[0].pk, points[1].pk]


def test_a_change_during_the_sending_waits_for_it(evse, partner):
    change(evse)
    (first,) = claim(partner.pk, now=NOW)
    change(evse, PublicStatus.AVAILABLE, at=NOW + SECOND)
    assert claim(partner.pk, now=NOW + SECOND) == []
    settle(partner.pk, [told(first)], now=NOW + 2 * SECOND)
    (second,) = claim(partner.pk, now=NOW + 2 * SECOND)
    assert second.delivery_id != first.delivery_id
    assert [state for _, state in deliveries()] == ["delivered", "pending"]


def test_a_newer_change_supersedes_one_that_waits_for_its_retry(evse, partner):
    change(evse)
    (first,) = claim(partner.pk, now=NOW)
    settle(partner.pk, [failed(first)], now=NOW)
    change(evse, PublicStatus.AVAILABLE, at=NOW)
    (second,) = claim(partner.pk, now=NOW)
    assert second.delivery_id != first.delivery_id
    assert [state for _, state in deliveries()] == ["superseded", "pending"]


def test_an_acknowledged_delivery_keeps_what_was_told(evse, partner):
    change(evse)
    (first,) = claim(partner.pk, now=NOW)
    settle(partner.pk, [told(first, "FAULTED")], now=NOW + SECOND)
    row = Delivery.objects.get()
    assert (row.state, row.status) == (DeliveryState.DELIVERED, "FAULTED")
    assert (row.http_status, row.ocpi_status, row.attempts) == (200, 1000, 1)
    assert (row.sent_at, row.settled_at, row.error) == (NOW, NOW + SECOND, "")


def test_a_failure_is_kept_and_tried_again_later_and_later(evse, partner):
    change(evse)
    now, waits, row = NOW, [], Delivery.objects.get()
    for _ in range(8):
        settle(partner.pk, [failed(each) for each in claim(partner.pk, now=now)], now=now)
        row.refresh_from_db()
        waits.append(row.due_at - now)
        now = row.due_at
    assert (row.state, row.error, row.attempts) == (DeliveryState.PENDING, "HTTP 500", 8)
    assert waits[0] <= 2 * SECOND
    assert waits[-1] > 60 * SECOND


def test_a_delivery_is_dead_after_a_day(evse, partner):
    change(evse)
    a_day_later = NOW + timedelta(days=1)
    settle(
        partner.pk,
        [failed(each) for each in claim(partner.pk, now=a_day_later)],
        now=a_day_later,
    )
    row = Delivery.objects.get()
    assert (row.state, row.error) == (DeliveryState.DEAD, "HTTP 500")


def test_everything_waits_for_a_partner_that_cannot_be_reached(partner):
    for _ in range(3):
        change(point(place(operator=partner.operator)))
    first, *others = claim(partner.pk, now=NOW)
    change(point(place(operator=partner.operator)))
    outcomes = [failed(first, SendResult.UNREACHABLE)]
    outcomes += [failed(each, SendResult.NOT_TRIED) for each in others]
    settle(partner.pk, outcomes, now=NOW)
    assert claim(partner.pk, now=NOW) == []
    assert len(set(Delivery.objects.values_list("due_at", flat=True))) == 1
    assert list(Delivery.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0, 0]


def test_one_evse_that_fails_delays_no_other(partner):
    for _ in range(2):
        change(point(place(operator=partner.operator)))
    first, second = claim(partner.pk, now=NOW)
    settle(partner.pk, [failed(first), told(second)], now=NOW)
    change(point(place(operator=partner.operator)))
    assert len(claim(partner.pk, now=NOW)) == 1


def test_what_is_not_shared_any_more_is_not_tried_again(evse, partner):
    change(evse)
    (first,) = claim(partner.pk, now=NOW)
    settle(partner.pk, [Outcome(first, SendResult.POINTLESS, error="not shared")], now=NOW)
    assert deliveries() == [("OCCUPIED", "superseded")]
