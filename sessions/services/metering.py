"""What meters said in a batch of messages: kept for ever, and counted while the session runs."""

from sessions.domain.metering import Reading
from sessions.domain.words import SessionState
from sessions.models import MeterValue
from sessions.selectors import SessionFacts
from sessions.services.charging import PRESUMED_ENDED, change_session, resume_session
from stations.domain.facts import Address, StationFacts
from stations.ocpp.work import Work
from stations.rows.ids import new_row_id


def record_readings(
    work: Work,
    station: StationFacts,
    session: SessionFacts | None,
    readings: list[Reading],
    *,
    address: Address | None,
) -> None:
    """Keep meter readings, and bring the session's totals up to date."""
    for reading in readings:
        work.append(
            MeterValue,
            id=new_row_id(),
            received_at=work.now,
            station_id=station.id,
            session_id=session.reference if session else None,
            ocpp_evse_id=address.evse if address else None,
            ocpp_connector_id=address.connector if address else None,
            sampled_at=reading.at,
            context=reading.context[:50],
            energy_wh=reading.energy_wh,
            power_w=reading.power_w,
            soc_percent=reading.soc_percent,
            samples=reading.samples,
        )
    if session is None:
        return
    if session.state is SessionState.ENDED and PRESUMED_ENDED not in session.flags:
        _begin_meter(work, session, readings)
    else:
        _advance(work, session, readings)


def _begin_meter(work: Work, session: SessionFacts, readings: list[Reading]) -> None:
    """After the end only the meter at a start that came late is still open."""
    told = (reading.energy_wh for reading in readings if reading.energy_wh is not None)
    first_wh = next(told, None)
    values: dict[str, object] = {"last_message_at": work.now}
    if _may_begin(session, first_wh):
        session.start_meter_wh = values["start_meter_wh"] = first_wh
    change_session(work, session, **values)


def _may_begin(session: SessionFacts, first_wh: int | None) -> bool:
    if session.start_meter_wh is not None or first_wh is None:
        return False
    return session.last_meter_wh is None or first_wh <= session.last_meter_wh


def _advance(work: Work, session: SessionFacts, readings: list[Reading]) -> None:
    values: dict[str, object] = {"last_message_at": work.now}
    for reading in readings:
        if reading.power_w is not None:
            values["last_power_w"] = reading.power_w
        if reading.energy_wh is None:
            continue
        last_wh = session.last_meter_wh
        if session.start_meter_wh is None:
            session.start_meter_wh = values["start_meter_wh"] = reading.energy_wh
        if last_wh is not None and reading.energy_wh > last_wh:
            resume_session(work, session, seen_at=reading.at)
        if last_wh is None or reading.energy_wh >= last_wh:
            session.last_meter_wh = values["last_meter_wh"] = reading.energy_wh
    change_session(work, session, **values)
