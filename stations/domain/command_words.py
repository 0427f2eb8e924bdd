"""The words in the parameters of commands, the same for every OCPP version."""

from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


class ResetType(StrEnum):
    """How a station restarts: after its sessions, or at once."""

    SOFT = "Soft"
    HARD = "Hard"


class Availability(StrEnum):
    """Whether an EVSE or station shall take new sessions."""

    OPERATIVE = "Operative"
    INOPERATIVE = "Inoperative"


class TriggeredMessage(StrEnum):
    """A message that a station can be asked to send now."""

    BOOT_NOTIFICATION = "BootNotification"
    STATUS_NOTIFICATION = "StatusNotification"
    HEARTBEAT = "Heartbeat"
    METER_VALUES = "MeterValues"
    TRANSACTION_EVENT = "TransactionEvent"
    FIRMWARE_STATUS = "FirmwareStatusNotification"
    DIAGNOSTICS_STATUS = "DiagnosticsStatusNotification"
    LOG_STATUS = "LogStatusNotification"
    SIGN_STATION_CERTIFICATE = "SignChargingStationCertificate"
    SIGN_V2G_CERTIFICATE = "SignV2GCertificate"
    SIGN_COMBINED_CERTIFICATE = "SignCombinedCertificate"
    PUBLISH_FIRMWARE_STATUS = "PublishFirmwareStatusNotification"


class TokenForm(StrEnum):
    """What kind of identifier a token is on the wire; OCPP 1.6 does not tell."""

    CENTRAL = "central"
    EMAID = "emaid"
    ISO14443 = "iso14443"
    ISO15693 = "iso15693"
    KEY_CODE = "key_code"
    LOCAL = "local"
    MAC_ADDRESS = "mac_address"
    NO_AUTHORIZATION = "no_authorization"


# What callers may write instead, folded as `folded` does.
ALIASES: dict[type[StrEnum], dict[str, StrEnum]] = {
    ResetType: {"immediate": ResetType.HARD, "onidle": ResetType.SOFT},
    TriggeredMessage: {"signchargepointcertificate": TriggeredMessage.SIGN_STATION_CERTIFICATE},
    TokenForm: {
        "rfid": TokenForm.ISO14443,
        "app": TokenForm.CENTRAL,
        "contract": TokenForm.EMAID,
        "adhoc": TokenForm.CENTRAL,
    },
}


def folded(word: str) -> str:
    """Return what words are compared by: without case, spaces, hyphens and underscores."""
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def find_word(words: type[Word], text: str) -> Word | None:
    """Return the member of `words` that `text` means, whatever its case; None for no such word."""
    known: dict[str, StrEnum] = {folded(word): word for word in words}
    found = (known | ALIASES.get(words, {})).get(folded(text))
    return None if found is None else words(found)
