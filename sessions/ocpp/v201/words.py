"""The words of OCPP 2.0.1 about tokens and charging, and ours."""

from sessions.domain.authorization import Decision
from sessions.domain.words import ChargingState

CHARGING_STATES = {
    "Charging": ChargingState.CHARGING,
    "EVConnected": ChargingState.EV_CONNECTED,
    "SuspendedEV": ChargingState.SUSPENDED_EV,
    "SuspendedEVSE": ChargingState.SUSPENDED_EVSE,
    "Idle": ChargingState.IDLE,
}


def token_info(decision: Decision) -> dict[str, str]:
    """Return idTokenInfo; both versions share our words for the status."""
    return {"status": decision.status}
