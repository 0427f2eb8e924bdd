"""The words of OCPP 2.0.1 about tokens and charging, and ours."""

from sessions.domain.words import AuthorizationStatus, ChargingState

CHARGING_STATES = {
    "Charging": ChargingState.CHARGING,
    "EVConnected": ChargingState.EV_CONNECTED,
    "SuspendedEV": ChargingState.SUSPENDED_EV,
    "SuspendedEVSE": ChargingState.SUSPENDED_EVSE,
    "Idle": ChargingState.IDLE,
}


def token_info(status: AuthorizationStatus) -> dict[str, str]:
    """Return idTokenInfo; both versions share our words for the status."""
    return {"status": status}
