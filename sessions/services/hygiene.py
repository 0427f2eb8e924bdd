"""Sessions that their stations forgot to end: a stage of the batch, after the handlers."""

from collections.abc import Iterable, Mapping, Sequence

from sessions.selectors import SessionsOf
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
        """End the sessions of EVSEs that were reported free in this batch."""
        for station_id, reported in work.touched.reported.items():
            free = _free_evses(work.loaded(load_connectors)[station_id], reported)
            for session in sessions_of(work).open_of(station_id) if free else ():
                if session.evse_id in free:
                    presume_ended(work, session, at=work.now, reason="EvseAvailable")


def _free_evses(connectors: StationConnectors, reported: Iterable[ConnectorFacts]) -> set[int]:
    """One connector of an EVSE says nothing of a car at another one."""
    return {
        told.evse_id
        for told in reported
        if told.status in _FREE
        and not any(each.status in IN_USE for each in connectors.of_evse(told.evse_id))
    }


close_left_open = CloseLeftOpen()
