import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from roaming.domain.words import SendResult
from roaming.models import Delivery
from roaming.ocpi.v221.push import push
from roaming.services.announcing import announce
from roaming.services.outbox import Outcome
from roaming.services.sending import Senders, tell_partner
from scheduling.domain.statuses import PublicStatus
from tests import factories
from tests.roaming.ocpi_partner import OcpiPartner
from tests.roaming.scenes import deliveries, place, point, publish, registered

pytestmark = pytest.mark.usefixtures("threads_share_database")


def scene(peer: OcpiPartner, digest: str, **fields):
    evse = point(place())
    peer.known_locations.add(str(evse.station.location_id))
    partner = registered(evse.station.operator, peer, inbound_digest=digest, **fields)
    publish(evse, PublicStatus.OCCUPIED, at=timezone.now())
    announce(timezone.now())
    return evse, partner


def test_a_partner_that_does_not_answer_delays_nobody_else(ocpi_partner):
    senders = Senders(push, clock=timezone.now)
    with OcpiPartner() as slow:
        slow.behaviour.gate = threading.Event()
        scene(slow, "slow")
        scene(ocpi_partner, "fast")
        assert senders.start() == 2
        ocpi_partner.wait_for_pushes(1)
        slow.wait_for_requests(1)
        assert slow.pushes == []
        scene(ocpi_partner, "another")
        while not senders.start():
            pass
        assert len(ocpi_partner.wait_for_pushes(2)) == 2
        slow.behaviour.gate.set()
        assert senders.wait(20)
        assert len(slow.pushes) == 1
    assert deliveries() == [("OCCUPIED", "delivered")] * 3


def test_two_workers_tell_each_change_once(ocpi_partner):
    evse, _ = scene(ocpi_partner, "partner")
    for _ in range(39):
        publish(point(evse.station.location), PublicStatus.AVAILABLE, at=timezone.now())
    announce(timezone.now())
    workers = [Senders(push, clock=timezone.now) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert [worker.wait(20) for worker in workers] == [True] * 3
    assert len(ocpi_partner.pushes) == 40
    assert ocpi_partner.most_at_once == 1
    assert deliveries() == [("OCCUPIED", "delivered")] + [("AVAILABLE", "delivered")] * 39


def test_two_workers_announce_each_change_once(ocpi_partner):
    evse, _ = scene(ocpi_partner, "partner")
    for _ in range(30):
        publish(point(evse.station.location), PublicStatus.AVAILABLE, at=timezone.now())
    seen = []

    def run():
        seen.append(announce(timezone.now()))
        connections.close_all()

    workers = [threading.Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(seen) == 30
    assert Delivery.objects.count() == 31


def test_one_process_tells_a_partner_in_one_thread(ocpi_partner):
    ocpi_partner.behaviour.gate = threading.Event()
    scene(ocpi_partner, "partner")
    senders = Senders(push, clock=timezone.now)
    assert senders.start() == 1
    ocpi_partner.wait_for_requests(1)
    assert senders.start() == 0
    assert not senders.wait(0)
    ocpi_partner.behaviour.gate.set()
    assert senders.wait(20)


def test_a_sender_that_breaks_is_reported_and_its_work_is_not_lost(ocpi_partner, caplog):
    scene(ocpi_partner, "partner")

    def break_down(partner, claims):
        raise RuntimeError("out of memory")

    senders = Senders(break_down, clock=timezone.now)
    senders.start()
    assert senders.wait(20)
    assert "telling partner" in caplog.text
    later = timezone.now() + timedelta(seconds=61)
    tell_partner(Delivery.objects.get().partner_id, push, clock=lambda: later)
    assert deliveries() == [("OCCUPIED", "delivered")]


def test_a_sender_goes_on_until_nothing_is_due():
    operator = factories.operator()
    partner = registered(operator)
    for _ in range(70):
        publish(point(place(operator=operator)), PublicStatus.AVAILABLE, at=timezone.now())
    announce(timezone.now())
    rounds = []

    def acknowledge(partner, claims):
        rounds.append(len(claims))
        return [Outcome(each, SendResult.ACKNOWLEDGED, "AVAILABLE") for each in claims]

    tell_partner(partner.pk, acknowledge, clock=timezone.now)
    assert rounds == [32, 32, 6]
