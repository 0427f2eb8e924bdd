"""The ways in which a simulated station can be made to misbehave."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

Payload = dict[str, Any]

IN_USE_STATUSES = frozenset({"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"})

# Actions whose answer cannot say "Rejected", with the word that says no instead.
OTHER_WORDS_FOR_NO = {
    "ClearChargingProfile": "Unknown",
    "SendLocalList": "Failed",
    "UnlockConnector": "UnlockFailed",
}
# Actions whose answer has no status: only a CALLERROR says no.
WITHOUT_STATUS = frozenset(
    {
        "GetConfiguration",
        "GetDiagnostics",
        "GetLocalListVersion",
        "GetVariables",
        "SetVariables",
        "UpdateFirmware",
    }
)


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """Knobs to turn on `station.behaviour`, at any time; the default is a good station."""

    silent: set[str] = field(default_factory=set)
    """Actions that are never answered."""
    rejects: set[str] = field(default_factory=set)
    """Actions that are answered with Rejected, or the nearest word the action has."""
    errors: dict[str, str] = field(default_factory=dict)
    """Actions that are answered with a CALLERROR of this code."""
    late_s: dict[str, float] = field(default_factory=dict)
    """Actions that are answered after so many seconds."""
    ignores_availability: bool = False
    """Accept ChangeAvailability, then change nothing."""
    extra_properties: bool = False
    """Add a property that no schema knows to every payload."""
    missing_timestamp: bool = False
    """Leave the timestamp out of StatusNotification."""
    comma_decimals: bool = False
    """Write sampled values as text with a decimal comma."""
    occupied_status: bool = False
    """Say "Occupied" where 1.6 has five finer words."""
    pipelined_boot: bool = False
    """Send the first StatusNotifications without waiting for the answer to BootNotification."""
    clock_offset: timedelta = timedelta(0)
    """How far the clock of the station is ahead."""

    def status_for_no(self, action: str) -> str | None:
        """The status to answer `action` with, or None where the station should handle it."""
        if action in self.rejects and action not in WITHOUT_STATUS:
            return OTHER_WORDS_FOR_NO.get(action, "Rejected")
        return None

    def error_code(self, action: str) -> str | None:
        """The CALLERROR code to answer `action` with, or None."""
        if action in self.rejects and action in WITHOUT_STATUS:
            return "NotSupported"
        return self.errors.get(action)

    def distort(self, action: str, payload: Payload) -> Payload:
        """The payload as this station writes it."""
        if self.extra_properties:
            payload = {**payload, "vendorExtra": {"build": 7}}
        if self.missing_timestamp and action == "StatusNotification":
            payload = {key: value for key, value in payload.items() if key != "timestamp"}
        if self.occupied_status and payload.get("status") in IN_USE_STATUSES:
            payload = {**payload, "status": "Occupied"}
        if self.comma_decimals:
            payload = _map_sampled_values(payload, _with_comma)
        return payload


def _with_comma(value: object) -> str:
    return f"{float(str(value)):.1f}".replace(".", ",")


def _map_sampled_values(node: Any, write: Callable[[object], str]) -> Any:
    if isinstance(node, list):
        return [_map_sampled_values(item, write) for item in node]
    if not isinstance(node, dict):
        return node
    mapped = {key: _map_sampled_values(value, write) for key, value in node.items()}
    if "sampledValue" in mapped:
        mapped["sampledValue"] = [
            {**sample, "value": write(sample["value"])} for sample in mapped["sampledValue"]
        ]
    return mapped
