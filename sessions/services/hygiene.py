"""Sessions that their stations forgot to end: a stage of the batch, after the handlers."""

from collections.abc import Mapping, Sequence

from sessions.selectors import SessionsOf, load_sessions
from sessions.services.charging import presume_ended, sessions_of
from stations.domain.reported_status import ReportedStatus
from stations.ocpp.routing import StationCall
from stations.ocpp.work import Work

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
        work.need(
            load_sessions,
            (SessionsOf(call.station.id) for call in calls if call.action == "StatusNotification"),
        )

    def run(self, work: Work) -> None:
        """End the sessions of connectors that were reported free in this batch."""
        for station_id, reported in work.touched.reported.items():
            free = {connector.evse_id for connector in reported if connector.status in _FREE}
            for session in sessions_of(work).open_of(station_id) if free else ():
                begun = session.started_at is None or session.started_at <= work.now
                if session.evse_id in free and begun:
                    presume_ended(work, session, at=work.now, reason="EvseAvailable")


close_left_open = CloseLeftOpen()
