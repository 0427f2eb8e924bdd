"""The stored and sent words of a station's set-up."""

from stations.domain.setup_state import RegistrationStatus, SetupState


def test_setup_states_are_stored_under_their_names():
    assert list(SetupState) == ["SETUP", "ACTIVATION_PENDING", "ACTIVE", "RETIRED"]


def test_registration_statuses_are_spelled_as_ocpp_spells_them():
    assert list(RegistrationStatus) == ["Accepted", "Pending", "Rejected"]
