"""Health as probes see it, of the real application."""

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from config.health.application import may_read_metrics
from config.health.metrics import NODE_NAME
from tests import factories

LOCAL = ("127.0.0.1", 50000)
FAR = ("192.0.2.7", 50000)


def samples(back_office):
    text = requests.get(f"{back_office.url}/metrics", timeout=5).text
    families = text_string_to_metric_families(text)
    return {sample.name: sample for family in families for sample in family.samples}


def test_process_that_answers_is_alive(back_office):
    answer = requests.get(f"{back_office.url}/healthz", timeout=5)
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_process_is_ready_when_all_it_needs_answers(back_office):
    answer = requests.get(f"{back_office.url}/readyz", timeout=5)
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "channel_layer": "ok", "beat": "ok", "intake": "ok"},
    }
    assert answer.status_code == 200


def test_process_is_not_ready_when_its_node_is_not(back_office):
    back_office.node.id, kept = None, back_office.node.id
    answer = requests.get(f"{back_office.url}/readyz", timeout=5)
    back_office.node.id = kept
    assert answer.status_code == 503
    assert answer.json()["checks"]["intake"] == "the node has not started"


def test_health_does_not_care_for_host_names(back_office):
    answer = requests.get(f"{back_office.url}/healthz", headers={"Host": "10.0.0.9"}, timeout=5)
    assert answer.status_code == 200


def test_other_addresses_go_to_the_pages(back_office):
    assert requests.get(f"{back_office.url}/healthz/more", timeout=5).status_code == 404


def test_figures_count_stations_and_messages(back_office):
    station = factories.station(identity="CS-METRICS")
    url = f"{back_office.ws_url}/{station.identity}"
    with connect(url, subprotocols=["ocpp1.6"], compression=None) as socket:
        socket.send('[2,"1","Heartbeat",{}]')
        socket.recv(timeout=5)
        found = samples(back_office)
    assert found["chargehand_sockets"].value == 1
    assert found["chargehand_sockets"].labels == {"node": NODE_NAME}
    assert found["chargehand_stations_online"].value == 1
    assert found["chargehand_messages_total"].value >= 2


@pytest.mark.parametrize(
    ("client", "headers", "allowed"),
    [
        (LOCAL, [], True),
        (FAR, [], False),
        (None, [], False),
        (LOCAL, [(b"x-forwarded-for", b"192.0.2.7")], False),
        (FAR, [(b"authorization", b"Bearer secret")], True),
        (FAR, [(b"authorization", b"Bearer wrong")], False),
        (FAR, [(b"authorization", b"Bearer ")], False),
    ],
)
def test_figures_are_for_this_machine_or_for_the_token(client, headers, allowed):
    assert may_read_metrics({"client": client, "headers": headers}, "secret") is allowed


def test_empty_token_opens_nothing():
    scope = {"client": FAR, "headers": [(b"authorization", b"Bearer ")]}
    assert not may_read_metrics(scope, "")
