"""The status's place in a batch: what was reported is published before it is answered."""

from collections.abc import Iterator, Mapping, Sequence

from scheduling.domain.standing import Snapshot
from scheduling.services.published_rows import lock_published, lock_published_of
from scheduling.services.publishing import publish
from scheduling.services.reconciler import due_after_connect
from sessions.selectors import SessionsOf, load_sessions
from sessions.services.charging import sessions_of
from stations.domain.facts import StationConnectors, StationFacts
from stations.ocpp.routing import StationCall
from stations.ocpp.work import Work
from stations.selectors import load_connectors

# Actions that change no status, so that their batches need no more than themselves.
_SILENT = frozenset({"Heartbeat", "Authorize", "MeterValues"})


class PublishChanges:
    """Publishes the EVSEs of stations that a batch has touched, from the facts in memory."""

    def lock(self, stations: Mapping[int, str], work: Work) -> None:
        """Lock what is published of stations whose status may change, before their facts are read.

        Otherwise somebody's newer facts could be published first, and ours over them.
        """
        changing = [pk for pk, action in stations.items() if action not in _SILENT]
        work.keep(PublishChanges, lock_published_of(changing) if changing else {})

    def needs(self, calls: Sequence[StationCall], work: Work) -> None:
        """Ask for the connectors and running sessions of stations whose status may change."""
        speaking = {call.station.id for call in calls if call.action not in _SILENT}
        stations = speaking | work.knocking
        if stations:
            work.need(load_connectors, stations)
            work.need(load_sessions, (SessionsOf(station_id) for station_id in stations))

    def run(self, work: Work) -> None:
        """Publish what has changed; stations that came back get the availability they missed."""
        touched = work.touched
        snapshots = list(_snapshots(work))
        published = work.kept(PublishChanges) or {}
        missing = [each.evse_id for each in snapshots if each.evse_id not in published]
        if missing:
            published |= lock_published(missing, now=work.now)
        publish(snapshots, now=work.now, published=published)
        if touched.booted:
            due_after_connect(touched.booted, now=work.now, booted=True)
        if touched.connected:
            due_after_connect(touched.connected, now=work.now, booted=False)


def _snapshots(work: Work) -> Iterator[Snapshot]:
    for station_id in work.touched.stations():
        station = work.stations.get(station_id)
        if station is None:
            continue
        connectors = work.loaded(load_connectors)[station_id]
        in_session = {session.evse_id for session in sessions_of(work).open_of(station_id)}
        for evse_id in _evses_touched(work, station_id, connectors):
            yield _snapshot(station, connectors, evse_id, session_running=evse_id in in_session)


def _evses_touched(work: Work, station_id: int, connectors: StationConnectors) -> set[int]:
    """A report of one connector touches its EVSE; everything else the whole station."""
    touched = work.touched
    reported = touched.reported.get(station_id)
    is_whole = (
        station_id in touched.whole_stations
        or station_id in touched.connected
        or station_id in touched.disconnected
        or station_id in touched.sessions
    )
    if is_whole or reported is None:
        return connectors.evse_ids()
    return {connector.evse_id for connector in reported}


def _snapshot(
    station: StationFacts, connectors: StationConnectors, evse_id: int, *, session_running: bool
) -> Snapshot:
    of_evse = connectors.of_evse(evse_id)
    errors = [connector.error_code for connector in of_evse if connector.error_code]
    return Snapshot(
        evse_id=evse_id,
        station_id=station.id,
        location_id=station.location_id,
        connectors=tuple(connector.status for connector in of_evse),
        whole_station=station.status,
        error_code=errors[0] if errors else station.error_code,
        is_connected=station.is_connected,
        disconnected_at=station.disconnected_at,
        session_running=session_running,
        is_disabled=station.is_disabled,
        setup_state=station.setup_state,
        retired=any(connector.retired for connector in of_evse),
        out_of_order_makes_unavailable=station.out_of_order_makes_unavailable,
    )


publish_changes = PublishChanges()
