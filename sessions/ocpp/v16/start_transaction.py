"""StartTransaction of OCPP 1.6, section 4.8: always answered with an id."""

from collections.abc import Sequence

from sessions.domain.metering import plausible_energy_wh
from sessions.ocpp.v16.words import token_info
from sessions.selectors import SessionsOf, SessionStartedAs
from sessions.services.authorizing import decide, need_tokens
from sessions.services.charging import (
    CLOCK_NOT_SET,
    PRESUMED_ENDED,
    Start,
    need_sessions,
    sessions_of,
    start_session,
)
from sessions.services.repeats import message_key
from stations.domain.facts import MAX_CONNECTORS, Address
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.v16.addresses import address_of
from stations.ocpp.values import believed_time, read_timestamp, read_wh
from stations.ocpp.work import Work
from stations.selectors import load_connectors

MAX_KEY_LENGTH = 100  # characters; the column has 128, room for a time of receipt


def needs(calls: Sequence[StationCall], work: Work) -> None:
    need_tokens(work, (call.payload["idTag"] for call in calls))
    work.need(load_connectors, (call.station.id for call in calls))
    for call in calls:
        station_id = call.station.id
        start = SessionStartedAs(station_id, _start_key(call))
        need_sessions(work, SessionsOf(station_id), start)


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    decision = decide(work, call.station, told["idTag"])
    is_believed = read_timestamp(told["timestamp"], work.now).plausible
    session = start_session(
        work,
        call.station,
        Start(
            start_key=_start_key(call) if is_believed else _key_without_time(call, work),
            address=_address(int(told["connectorId"])),
            token_uid=told["idTag"],
            decision=decision,
            at=believed_time(told["timestamp"], work.now),
            meter_wh=plausible_energy_wh(read_wh(told["meterStart"], None)),
            flags=[] if is_believed else [CLOCK_NOT_SET],
        ),
    )
    call.session = session.reference
    return lambda: {
        "transactionId": session.row.pk if session.row else session.id,
        "idTagInfo": token_info(session.authorization or decision.status),
    }


def _address(connector_id: int) -> Address | None:
    """A start is always answered with an id, so a connector that cannot be is left out."""
    return address_of(connector_id) if 0 <= connector_id <= MAX_CONNECTORS else None


def _start_key(call: StationCall) -> str:
    """A repeated start has the same connector, token, time and meter, whatever its message id."""
    told = call.payload
    parts = (int(told["connectorId"]), told["idTag"], told["timestamp"], told["meterStart"])
    key = ":".join(str(part) for part in parts)
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return f"{key[: MAX_KEY_LENGTH - 21]}:{message_key(key) % 2**64:020}"


def _key_without_time(call: StationCall, work: Work) -> str:
    """A clock that was never set tells the same time at each start, and the meter may stand still.

    So what looks like a repeat of a session that has ended is a new one, and the repeat of that
    is known while it runs.
    """
    key, known = _start_key(call), sessions_of(work)
    first = known.started_as(call.station, key)
    if first is None or first.ended_at is None or PRESUMED_ENDED in first.flags:
        return key
    running = (session.start_key for session in known.open_of(call.station.id))
    again = next((other for other in running if other.startswith(f"{key}@")), None)
    return again or f"{key}@{work.now:%Y%m%d%H%M%S%f}"
