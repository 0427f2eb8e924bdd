"""How a 2.0.1 station answers what lies beside charging: lists, reservations, profiles, files."""

from abc import ABC

from ocpp.v201 import call, call_result, datatypes, enums

from stations.simulator.point import answers
from stations.simulator.state import Evse, as_text
from stations.simulator.words import Words


class ExtrasV201(Words, ABC):
    """The answers that say yes and remember little."""

    def problem_event(self, evse: Evse) -> call.NotifyEvent:
        """The event that tells what is wrong, which StatusNotification cannot."""
        at = as_text(self.host.now())
        place = datatypes.EVSEType(id=evse.evse_id) if evse.evse_id else None
        event = datatypes.EventDataType(
            event_id=evse.evse_id,
            timestamp=at,
            trigger=enums.EventTriggerEnumType.alerting,
            actual_value="true",
            event_notification_type=enums.EventNotificationEnumType.hard_wired_notification,
            component=datatypes.ComponentType(
                name="EVSE" if place else "ChargingStation", evse=place
            ),
            variable=datatypes.VariableType(name="Problem"),
            tech_code=evse.error_code,
            tech_info=evse.info,
        )
        return call.NotifyEvent(generated_at=at, seq_no=0, event_data=[event])

    @answers("ClearCache")
    def on_clear_cache(self, **_: object) -> call_result.ClearCache:
        return call_result.ClearCache(enums.ClearCacheStatusEnumType.accepted)

    @answers("DataTransfer")
    def on_data_transfer(self, *, vendor_id: str, **_: object) -> call_result.DataTransfer:
        known = vendor_id == self.host.vendor
        status = enums.DataTransferStatusEnumType
        return call_result.DataTransfer(status.accepted if known else status.unknown_vendor_id)

    @answers("ReserveNow")
    def on_reserve(
        self, *, id: int, evse_id: int | None = None, **_: object
    ) -> call_result.ReserveNow:
        status = enums.ReserveNowStatusEnumType
        free = self.host.reserve(evse_id or 0, id)
        return call_result.ReserveNow(status.accepted if free else status.occupied)

    @answers("CancelReservation")
    def on_cancel_reservation(
        self, *, reservation_id: int, **_: object
    ) -> call_result.CancelReservation:
        status = enums.CancelReservationStatusEnumType
        known = self.host.cancel_reservation(reservation_id)
        return call_result.CancelReservation(status.accepted if known else status.rejected)

    @answers("SendLocalList")
    def on_send_local_list(self, *, version_number: int, **_: object) -> call_result.SendLocalList:
        self.local_list_version = version_number
        return call_result.SendLocalList(enums.SendLocalListStatusEnumType.accepted)

    @answers("GetLocalListVersion")
    def on_local_list_version(self, **_: object) -> call_result.GetLocalListVersion:
        return call_result.GetLocalListVersion(self.local_list_version)

    @answers("SetChargingProfile")
    def on_set_profile(self, **_: object) -> call_result.SetChargingProfile:
        return call_result.SetChargingProfile(enums.ChargingProfileStatusEnumType.accepted)

    @answers("ClearChargingProfile")
    def on_clear_profile(self, **_: object) -> call_result.ClearChargingProfile:
        return call_result.ClearChargingProfile(enums.ClearChargingProfileStatusEnumType.accepted)

    @answers("GetCompositeSchedule")
    def on_composite_schedule(
        self, *, evse_id: int, duration: int, **_: object
    ) -> call_result.GetCompositeSchedule:
        schedule = datatypes.CompositeScheduleType(
            evse_id=evse_id,
            duration=duration,
            schedule_start=as_text(self.host.now()),
            charging_rate_unit=enums.ChargingRateUnitEnumType.amps,
            charging_schedule_period=[
                datatypes.ChargingSchedulePeriodType(start_period=0, limit=16.0)
            ],
        )
        accepted = enums.GenericStatusEnumType.accepted
        return call_result.GetCompositeSchedule(accepted, schedule=schedule)

    @answers("GetLog")
    def on_get_log(self, *, request_id: int, **_: object) -> call_result.GetLog:
        status = enums.UploadLogStatusEnumType
        steps = (status.uploading, status.uploaded)
        self.announce(call.LogStatusNotification(step, request_id) for step in steps)
        accepted = enums.LogStatusEnumType.accepted
        return call_result.GetLog(accepted, filename=f"{self.host.identity}.log")

    @answers("UpdateFirmware")
    def on_update_firmware(self, *, request_id: int, **_: object) -> call_result.UpdateFirmware:
        status = enums.FirmwareStatusEnumType
        steps = (status.downloading, status.downloaded, status.installing, status.installed)
        self.announce(call.FirmwareStatusNotification(step, request_id) for step in steps)
        return call_result.UpdateFirmware(enums.UpdateFirmwareStatusEnumType.accepted)

    @answers("GetInstalledCertificateIds")
    def on_certificate_ids(self, **_: object) -> call_result.GetInstalledCertificateIds:
        not_found = enums.GetInstalledCertificateStatusEnumType.notFound
        return call_result.GetInstalledCertificateIds(not_found)

    @answers("GetTransactionStatus")
    def on_transaction_status(self, **_: object) -> call_result.GetTransactionStatus:
        return call_result.GetTransactionStatus(messages_in_queue=self.host.has_queued_messages)
