"""Tests of the versions and the choice of a subprotocol."""

import pytest

from stations.domain.ocpp_version import OcppVersion, select_subprotocol


@pytest.mark.parametrize(
    ("version", "subprotocol"),
    [(OcppVersion.V16, "ocpp1.6"), (OcppVersion.V201, "ocpp2.0.1")],
)
def test_a_version_and_its_subprotocol_name_each_other(version, subprotocol):
    assert version.subprotocol == subprotocol
    assert OcppVersion.from_subprotocol(subprotocol) is version


@pytest.mark.parametrize("name", ["", "ocpp1.5", "ocpp2.0", "ocpp0.1", "OCPP1.6", "mqtt"])
def test_other_names_are_no_version(name):
    assert OcppVersion.from_subprotocol(name) is None


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["ocpp1.6"], OcppVersion.V16),
        (["ocpp1.6", "ocpp2.0.1"], OcppVersion.V201),
        (["ocpp2.0.1", "ocpp1.6"], OcppVersion.V201),
        (["ocpp2.1", " ocpp1.6"], OcppVersion.V16),
        (["ocpp0.1", "ocpp2.0.1"], OcppVersion.V201),
        (["ocpp0.1"], None),
        ([], None),
    ],
)
def test_the_highest_common_version_is_chosen(offered, chosen):
    assert select_subprotocol(offered) is chosen


def test_a_version_that_is_not_enabled_is_not_chosen():
    offered = ["ocpp2.0.1", "ocpp1.6"]
    assert select_subprotocol(offered, enabled={OcppVersion.V16}) is OcppVersion.V16
    assert select_subprotocol(["ocpp2.0.1"], enabled={OcppVersion.V16}) is None
