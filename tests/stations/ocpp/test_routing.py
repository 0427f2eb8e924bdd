"""The route table."""

import pytest

from config.ocpp import V16 as ACTIONS_16
from config.ocpp import V201 as ACTIONS_201
from config.ocpp import routes
from stations.ocpp.routing import Rare, route_table
from stations.ocpp.schemas import known_actions
from tests.stations.ocpp.batches import V16, V201


def test_every_route_is_an_action_of_its_version():
    for version, action in routes():
        assert action in known_actions(version)
    assert len(routes()) == len(ACTIONS_16) + len(ACTIONS_201)


def test_routes_are_listed_in_order():
    for actions in (ACTIONS_16, ACTIONS_201):
        assert list(actions) == sorted(actions)


def test_action_has_one_route():
    part = [(V16, "Heartbeat", Rare(lambda call, work: {}))]
    with pytest.raises(ValueError, match=r"Heartbeat of 1\.6 is routed twice"):
        route_table(part, part)


def test_same_action_of_both_versions_has_two():
    handler = Rare(lambda call, work: {})
    assert len(route_table([(V16, "A", handler)], [(V201, "A", handler)])) == 2
