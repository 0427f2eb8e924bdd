"""All OCPP routes of the project, by version and action, like urls.py."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from sessions.ocpp.v16 import authorize as authorize_16
from sessions.ocpp.v16 import meter_values as meter_values_16
from sessions.ocpp.v16 import start_transaction, stop_transaction
from sessions.ocpp.v201 import authorize as authorize_201
from sessions.ocpp.v201 import meter_values as meter_values_201
from sessions.ocpp.v201 import transaction_event
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.routing import Handler, Rare, Routes, Stage, route_table
from stations.ocpp.v16 import boot_notification as boot_notification_16
from stations.ocpp.v16 import data_transfer as data_transfer_16
from stations.ocpp.v16 import diagnostics_status_notification
from stations.ocpp.v16 import firmware_status_notification as firmware_status_16
from stations.ocpp.v16 import heartbeat as heartbeat_16
from stations.ocpp.v16 import status_notification as status_notification_16
from stations.ocpp.v201 import boot_notification as boot_notification_201
from stations.ocpp.v201 import data_transfer as data_transfer_201
from stations.ocpp.v201 import firmware_status_notification as firmware_status_201
from stations.ocpp.v201 import heartbeat as heartbeat_201
from stations.ocpp.v201 import (
    log_status_notification,
    notify_event,
    notify_report,
    security_event_notification,
)
from stations.ocpp.v201 import status_notification as status_notification_201

V16: dict[str, Handler] = {
    "Authorize": authorize_16,
    "BootNotification": boot_notification_16,
    "DataTransfer": Rare(data_transfer_16.answer),
    "DiagnosticsStatusNotification": Rare(diagnostics_status_notification.answer),
    "FirmwareStatusNotification": Rare(firmware_status_16.answer),
    "Heartbeat": heartbeat_16,
    "MeterValues": meter_values_16,
    "StartTransaction": start_transaction,
    "StatusNotification": status_notification_16,
    "StopTransaction": stop_transaction,
}
V201: dict[str, Handler] = {
    "Authorize": authorize_201,
    "BootNotification": boot_notification_201,
    "DataTransfer": Rare(data_transfer_201.answer),
    "FirmwareStatusNotification": Rare(firmware_status_201.answer),
    "Heartbeat": heartbeat_201,
    "LogStatusNotification": Rare(log_status_notification.answer),
    "MeterValues": meter_values_201,
    "NotifyEvent": Rare(notify_event.answer),
    "NotifyReport": Rare(notify_report.answer),
    "SecurityEventNotification": Rare(security_event_notification.answer),
    "StatusNotification": status_notification_201,
    "TransactionEvent": transaction_event,
}


def _routes(
    version: OcppVersion, actions: dict[str, Handler]
) -> Iterator[tuple[OcppVersion, str, Handler]]:
    for action, handler in actions.items():
        yield version, action, handler


def routes() -> Routes:
    """Return the route table of all versions."""
    return route_table(_routes(OcppVersion.V16, V16), _routes(OcppVersion.V201, V201))


def stages() -> list[Stage]:
    """Return what looks at each batch after its handlers, in the order of the settings."""
    return [import_string(path) for path in settings.OCPP_BATCH_STAGES]
