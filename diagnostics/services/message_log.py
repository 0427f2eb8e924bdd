"""The message log's place in a batch: every exchange becomes a row, secrets masked."""

import re
from collections.abc import Mapping, Sequence

import orjson
from django.conf import settings

from diagnostics.models import Message
from stations.domain.exchange import Exchange, Outcome
from stations.domain.hidden import HIDDEN, hide_secrets
from stations.ocpp.routing import StationCall
from stations.ocpp.work import Work
from stations.rows.ids import new_row_id

_SECRET_KEYS = ("AuthorizationKey", "BasicAuthPassword", "Password")
_HINTS = ("authorizationkey", "password")  # without either in it no text holds a secret
# A key or variable that names a secret, and then the text value that goes with it.
_SECRET = re.compile(
    rf'("(?:key|name)"\s*:\s*"(?:{"|".join(_SECRET_KEYS)})"(?:(?!"(?:key|name)"\s*:).)*?'
    r'"(?:value|attributeValue)"\s*:\s*)"(?:[^"\\]|\\.)*"',
    re.IGNORECASE | re.DOTALL,
)


class LogExchanges:
    """Appends the batch's exchanges to the message log."""

    def lock(self, stations: Mapping[int, str], work: Work) -> None:
        """Nothing here is shared with others."""

    def needs(self, calls: Sequence[StationCall], work: Work) -> None:
        """Need nothing."""

    def run(self, work: Work) -> None:
        """Append one row for each exchange; heartbeats only where the setting says so."""
        logs_heartbeats = settings.OCPP_LOG_HEARTBEATS
        for exchange in work.exchanges:
            is_heartbeat = exchange.action == "Heartbeat" and exchange.outcome is Outcome.RESULT
            if logs_heartbeats or not is_heartbeat:
                _append(work, exchange)


def masked(text: str) -> str:
    """Return a payload with the values of secret keys hidden; all else stays as it was sent."""
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return text
    return _without_secret_members(_SECRET.sub(rf'\1"{HIDDEN}"', text))


def _without_secret_members(text: str) -> str:
    """Hide what only the structure tells, where the text has one."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    shown = hide_secrets(told)
    return text if shown == told else orjson.dumps(shown).decode()


def _append(work: Work, exchange: Exchange) -> None:
    work.append(
        Message,
        id=new_row_id(),
        received_at=exchange.received_at,
        answered_at=exchange.answered_at,
        station_id=exchange.station_id,
        direction=exchange.direction,
        action=exchange.action[:50],
        message_id=exchange.message_id[:36],
        payload=masked(exchange.payload),
        answer=masked(exchange.answer),
        outcome=exchange.outcome,
        error_code=exchange.error_code[:50],
        session_id=exchange.session,
        connection=exchange.connection,
    )


log_exchanges = LogExchanges()
