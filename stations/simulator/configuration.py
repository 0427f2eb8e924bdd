"""The configuration of a simulated station: 1.6 keys, or 2.0.1 variables as Component.Variable."""

from dataclasses import dataclass
from enum import StrEnum


class WriteOutcome(StrEnum):
    """What became of an attempt to write a setting."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    REBOOT_REQUIRED = "RebootRequired"
    UNKNOWN = "Unknown"


@dataclass(slots=True)
class Setting:
    """One value and how it may be used; a value that needs a reboot waits in `pending`."""

    value: str
    read_only: bool = False
    needs_reboot: bool = False
    write_only: bool = False
    pending: str | None = None


class Settings(dict[str, Setting]):
    """All settings by name; names are compared without case, as stations do."""

    def find(self, name: str) -> Setting | None:
        """The setting of that name, or None."""
        return next((self[key] for key in self if key.lower() == name.lower()), None)

    def is_on(self, name: str) -> bool:
        """Whether a boolean setting exists and is true."""
        setting = self.find(name)
        return setting is not None and setting.value.lower() == "true"

    def write(self, name: str, value: str) -> WriteOutcome:
        """Change a setting as the central system asks."""
        setting = self.find(name)
        if setting is None:
            return WriteOutcome.UNKNOWN
        if setting.read_only or not _fits(setting.value, value):
            return WriteOutcome.REJECTED
        if setting.needs_reboot:
            setting.pending = value
            return WriteOutcome.REBOOT_REQUIRED
        setting.value = value
        return WriteOutcome.ACCEPTED

    def reboot(self) -> None:
        """Let values that waited for a reboot take effect."""
        for setting in self.values():
            if setting.pending is not None:
                setting.value, setting.pending = setting.pending, None


def data_type(value: str) -> str:
    """The 2.0.1 data type that a value looks like."""
    if value.lower() in {"true", "false"}:
        return "boolean"
    if value.lstrip("-").isdigit():
        return "integer"
    return "MemberList" if "," in value else "string"


def _fits(current: str, wanted: str) -> bool:
    """Whether a new value has the type of the old one: a word for a number is rejected."""
    kind = data_type(current)
    return kind not in {"boolean", "integer"} or data_type(wanted) == kind


def settings_v16(evse_count: int) -> Settings:
    """A fresh 1.6 key table."""
    return Settings(
        {
            "AllowOfflineTxForUnknownId": Setting("false"),
            "AuthorizationCacheEnabled": Setting("true"),
            "AuthorizationKey": Setting("", write_only=True),
            "AuthorizeRemoteTxRequests": Setting("false"),
            "ChargeProfileMaxStackLevel": Setting("8", read_only=True),
            "ClockAlignedDataInterval": Setting("900"),
            "ConnectionTimeOut": Setting("60"),
            "ConnectorPhaseRotation": Setting("0.RST,1.RST", read_only=True),
            "GetConfigurationMaxKeys": Setting("50", read_only=True),
            "HeartbeatInterval": Setting("900"),
            "LocalAuthListEnabled": Setting("true"),
            "LocalAuthListMaxLength": Setting("500", read_only=True),
            "LocalAuthorizeOffline": Setting("true"),
            "LocalPreAuthorize": Setting("true"),
            "MaxEnergyOnInvalidId": Setting("0"),
            "MeterValueSampleInterval": Setting("300"),
            "MeterValuesSampledData": Setting("Energy.Active.Import.Register,Power.Active.Import"),
            "MinimumStatusDuration": Setting("0"),
            "NumberOfConnectors": Setting(str(evse_count), read_only=True),
            "ResetRetries": Setting("1"),
            "SendLocalListMaxLength": Setting("100", read_only=True),
            "StopTransactionOnEVSideDisconnect": Setting("true"),
            "StopTransactionOnInvalidId": Setting("true"),
            "StopTxnSampledData": Setting("Energy.Active.Import.Register"),
            "SupportedFeatureProfiles": Setting(
                "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,"
                "RemoteTrigger",
                read_only=True,
            ),
            "TransactionMessageAttempts": Setting("3"),
            "TransactionMessageRetryInterval": Setting("30"),
            "UnlockConnectorOnEVSideDisconnect": Setting("true"),
            "WebSocketPingInterval": Setting("0", needs_reboot=True),
        }
    )


def settings_v201() -> Settings:
    """A fresh 2.0.1 device model, without the EVSEs themselves."""
    return Settings(
        {
            "AlignedDataCtrlr.Interval": Setting("900"),
            "AuthCacheCtrlr.Enabled": Setting("true"),
            "AuthCtrlr.AuthorizeRemoteStart": Setting("false"),
            "AuthCtrlr.LocalAuthorizeOffline": Setting("true"),
            "AuthCtrlr.LocalPreAuthorize": Setting("true"),
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": Setting("false"),
            "ChargingStation.SupplyPhases": Setting("3", read_only=True),
            "DeviceDataCtrlr.ItemsPerMessage": Setting("20", read_only=True),
            "LocalAuthListCtrlr.Enabled": Setting("true"),
            "OCPPCommCtrlr.HeartbeatInterval": Setting("900"),
            "OCPPCommCtrlr.MessageAttemptInterval": Setting("30"),
            "OCPPCommCtrlr.MessageAttempts": Setting("3"),
            "OCPPCommCtrlr.ResetRetries": Setting("1"),
            "OCPPCommCtrlr.UnlockOnEVSideDisconnect": Setting("true"),
            "OCPPCommCtrlr.WebSocketPingInterval": Setting("0", needs_reboot=True),
            "SampledDataCtrlr.TxEndedMeasurands": Setting("Energy.Active.Import.Register"),
            "SampledDataCtrlr.TxUpdatedInterval": Setting("300"),
            "SampledDataCtrlr.TxUpdatedMeasurands": Setting(
                "Energy.Active.Import.Register,Power.Active.Import"
            ),
            "SecurityCtrlr.BasicAuthPassword": Setting("", write_only=True),
            "SecurityCtrlr.SecurityProfile": Setting("1", read_only=True),
            "TxCtrlr.EVConnectionTimeOut": Setting("60"),
            "TxCtrlr.MaxEnergyOnInvalidId": Setting("0"),
            "TxCtrlr.StopTxOnEVSideDisconnect": Setting("true"),
            "TxCtrlr.StopTxOnInvalidId": Setting("true"),
        }
    )
