"""How a 1.6 station answers what lies beside charging: lists, reservations, profiles, files."""

from abc import ABC

from ocpp.v16 import call, call_result, enums

from stations.simulator.point import answers
from stations.simulator.state import as_text
from stations.simulator.words import Words


class ExtrasV16(Words, ABC):
    """The answers that say yes and remember little."""

    @answers("ClearCache")
    def on_clear_cache(self, **_: object) -> call_result.ClearCache:
        return call_result.ClearCache(enums.ClearCacheStatus.accepted)

    @answers("DataTransfer")
    def on_data_transfer(self, *, vendor_id: str, **_: object) -> call_result.DataTransfer:
        known = vendor_id == self.host.vendor
        status = enums.DataTransferStatus
        return call_result.DataTransfer(status.accepted if known else status.unknown_vendor_id)

    @answers("ReserveNow")
    def on_reserve(
        self, *, connector_id: int, reservation_id: int, **_: object
    ) -> call_result.ReserveNow:
        status = enums.ReservationStatus
        free = self.host.reserve(connector_id, reservation_id)
        return call_result.ReserveNow(status.accepted if free else status.occupied)

    @answers("CancelReservation")
    def on_cancel_reservation(
        self, *, reservation_id: int, **_: object
    ) -> call_result.CancelReservation:
        status = enums.CancelReservationStatus
        known = self.host.cancel_reservation(reservation_id)
        return call_result.CancelReservation(status.accepted if known else status.rejected)

    @answers("SendLocalList")
    def on_send_local_list(self, *, list_version: int, **_: object) -> call_result.SendLocalList:
        self.local_list_version = list_version
        return call_result.SendLocalList(enums.UpdateStatus.accepted)

    @answers("GetLocalListVersion")
    def on_local_list_version(self, **_: object) -> call_result.GetLocalListVersion:
        return call_result.GetLocalListVersion(self.local_list_version)

    @answers("SetChargingProfile")
    def on_set_profile(self, **_: object) -> call_result.SetChargingProfile:
        return call_result.SetChargingProfile(enums.ChargingProfileStatus.accepted)

    @answers("ClearChargingProfile")
    def on_clear_profile(self, **_: object) -> call_result.ClearChargingProfile:
        return call_result.ClearChargingProfile(enums.ClearChargingProfileStatus.accepted)

    @answers("GetCompositeSchedule")
    def on_composite_schedule(
        self, *, connector_id: int, duration: int, **_: object
    ) -> call_result.GetCompositeSchedule:
        return call_result.GetCompositeSchedule(
            enums.GetCompositeScheduleStatus.accepted,
            connector_id=connector_id,
            schedule_start=as_text(self.host.now()),
            charging_schedule={
                "duration": duration,
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
            },
        )

    @answers("GetDiagnostics")
    def on_get_diagnostics(self, **_: object) -> call_result.GetDiagnostics:
        status = enums.DiagnosticsStatus
        steps = (status.uploading, status.uploaded)
        self.announce(call.DiagnosticsStatusNotification(step) for step in steps)
        return call_result.GetDiagnostics(file_name=f"{self.host.identity}.log")

    @answers("GetLog")
    def on_get_log(self, *, request_id: int, **_: object) -> call_result.GetLog:
        status = enums.UploadLogStatus
        steps = (status.uploading, status.uploaded)
        self.announce(call.LogStatusNotification(step, request_id) for step in steps)
        return call_result.GetLog(enums.LogStatus.accepted, filename=f"{self.host.identity}.log")

    @answers("UpdateFirmware")
    def on_update_firmware(self, **_: object) -> call_result.UpdateFirmware:
        status = enums.FirmwareStatus
        steps = (status.downloading, status.downloaded, status.installing, status.installed)
        self.announce(call.FirmwareStatusNotification(step) for step in steps)
        return call_result.UpdateFirmware()

    @answers("GetInstalledCertificateIds")
    def on_certificate_ids(self, **_: object) -> call_result.GetInstalledCertificateIds:
        return call_result.GetInstalledCertificateIds(enums.GetInstalledCertificateStatus.not_found)
