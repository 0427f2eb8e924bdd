"""Sessions that their stations forgot to end: a stage of the batch, after the handlers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sessions.selectors import SessionFacts, SessionsOf
from sessions.services.charging import need_sessions, presume_ended, sessions_of
from stations.domain.facts import ConnectorFacts, StationConnectors
from stations.domain.reported_status import IN_USE, ReportedStatus
from stations.ocpp.routing import StationCall
from stations.ocpp.work import Work
from stations.selectors import load_connectors

# Said by a connector that nobody charges at.
_FREE = frozenset({ReportedStatus.AVAILABLE, ReportedStatus.RESERVED})


class CloseLeftOpen:
    """Ends a running session whose connector is reported free.

    The session's own end may still come, since stations let other messages overtake it: then it
    takes the true values (`presume_ended`).
    """

    def lock(self, stations: Mapping[int, str], work: Work) -> None:
        """Nothing here is shared with others."""

    def needs(self, calls: Sequence[StationCall], work: Work) -> None:
        """Ask for the running sessions of stations that report a status."""
        speaking = [call.station.id for call in calls if call.action == "StatusNotification"]
        need_sessions(work, *map(SessionsOf, speaking))

    def run(self, work: Work) -> None:
        """End the sessions of EVSEs that were reported free in this batch, after they began."""
        for station_id, reported in work.touched.reported.items():
            connectors = work.loaded(load_connectors)[station_id]
            for session in sessions_of(work).open_of(station_id):
                free_at = _free_at(connectors, reported, session)
                if free_at is not None:
                    presume_ended(work, session, at=free_at, reason="EvseAvailable")


def _free_at(
    connectors: StationConnectors, reported: Iterable[ConnectorFacts], session: SessionFacts
) -> datetime | None:
    """Return when the EVSE of a session was free; one connector says nothing of a car at another.

    A status may be older than the session, since stations send what they have queued.
    """
    if any(each.status in IN_USE for each in connectors.of_evse(session.evse_id or 0)):
        return None
    times = [
        told.status_at
        for told in reported
        if told.evse_id == session.evse_id and told.status in _FREE and told.status_at
    ]
    free_at = max(times, default=None)
    if free_at is None or session.started_at is None:
        return free_at
    return free_at if free_at >= session.started_at else None


close_left_open = CloseLeftOpen()
