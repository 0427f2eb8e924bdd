"""The identities of stations and EVSEs, and how they are compared."""

import re

STATION_IDENTITY = re.compile(r"[A-Za-z0-9*\-_=+|@.]{1,48}")
OPERATOR_PATH = re.compile(r"[A-Z]{2}[A-Z0-9]{3}")
EVSE_ID = re.compile(r"[A-Z]{2}\*[A-Z0-9]{3}\*E(?!\*)(?!.*\*\*)[A-Z0-9*]{1,30}(?<!\*)")


def is_station_identity(text: str) -> bool:
    """Say whether `text` may name a station: 1 to 48 of `A-Za-z0-9*-_=+|@.`, case-sensitive."""
    return STATION_IDENTITY.fullmatch(text) is not None


def is_evse_id(text: str) -> bool:
    """Say whether `text` is a canonical EVSE ID, upper-case with separators (eMI3 / ISO 15118)."""
    return EVSE_ID.fullmatch(text) is not None


def evse_id_key(evse_id: str) -> str:
    """Return what EVSE IDs are compared by: upper-case, without separators."""
    return evse_id.replace("*", "").replace("-", "").upper()
