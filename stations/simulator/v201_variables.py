"""The device model of a simulated 2.0.1 station: GetVariables, SetVariables, GetBaseReport."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from ocpp.v201 import call, call_result, datatypes, enums

from stations.simulator.configuration import (
    Setting,
    Settings,
    WriteOutcome,
    data_type,
    settings_v201,
)
from stations.simulator.point import answers
from stations.simulator.state import Evse, as_text
from stations.simulator.words import Words

ROWS_PER_REPORT_PART = 10
PASSWORD_VARIABLE = "SecurityCtrlr.BasicAuthPassword"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Row:
    """One variable of the device model; those without an EVSE can be written."""

    component: str
    variable: str
    setting: Setting
    evse_id: int | None = None

    @property
    def name(self) -> str:
        """The name among the settings."""
        return f"{self.component}.{self.variable}"


class VariablesV201(Words, ABC):
    """Answers about configuration."""

    @abstractmethod
    def shown_word(self, evse: Evse) -> str:
        """The status of an EVSE in words of 2.0.1."""

    def fresh_settings(self, evse_count: int) -> Settings:
        return settings_v201()

    @answers("GetVariables")
    def on_get_variables(
        self, *, get_variable_data: list[dict[str, Any]], **_: object
    ) -> call_result.GetVariables:
        return call_result.GetVariables([self._get(item) for item in get_variable_data])

    @answers("SetVariables")
    def on_set_variables(
        self, *, set_variable_data: list[dict[str, Any]], **_: object
    ) -> call_result.SetVariables:
        return call_result.SetVariables([self._set(item) for item in set_variable_data])

    @answers("GetBaseReport")
    def on_base_report(
        self, *, request_id: int, report_base: str, **_: object
    ) -> call_result.GetBaseReport:
        rows = [row for row in self._rows() if _belongs_to(row, report_base)]
        parts = range(0, len(rows), ROWS_PER_REPORT_PART)
        self.announce(
            call.NotifyReport(
                request_id=request_id,
                generated_at=as_text(self.host.now()),
                seq_no=number,
                tbc=number < len(parts) - 1,
                report_data=[_report(row) for row in rows[start : start + ROWS_PER_REPORT_PART]],
            )
            for number, start in enumerate(parts)
        )
        return call_result.GetBaseReport(enums.GenericDeviceModelStatusEnumType.accepted)

    def _rows(self) -> list[Row]:
        rows = []
        for name, setting in self.host.settings.items():
            component, variable = name.split(".", 1)
            rows.append(Row(component, variable, setting))
        for evse in self.host.all_evses():
            state = Setting(self.shown_word(evse), read_only=True)
            rows.append(Row("EVSE", "AvailabilityState", state, evse.evse_id))
            rows.append(Row("Connector", "AvailabilityState", state, evse.evse_id))
        return rows

    def _find(self, item: dict[str, Any]) -> tuple[Row | None, str]:
        """The row that is asked for, or the status that says what is unknown."""
        component, variable = item["component"], item["variable"]["name"].lower()
        evse_id = component.get("evse", {}).get("id")
        name = component["name"].lower()
        rows = [
            row for row in self._rows() if row.component.lower() == name and row.evse_id == evse_id
        ]
        if not rows:
            return None, "UnknownComponent"
        found = next((row for row in rows if row.variable.lower() == variable), None)
        return found, "UnknownVariable"

    def _get(self, item: dict[str, Any]) -> datatypes.GetVariableResultType:
        row, status = self._find(item)
        value = None
        if row is not None:
            status = "Rejected" if row.setting.write_only else "Accepted"
            value = None if row.setting.write_only else row.setting.value
        return datatypes.GetVariableResultType(
            attribute_status=enums.GetVariableStatusEnumType(status),
            component=item["component"],
            variable=item["variable"],
            attribute_value=value,
        )

    def _set(self, item: dict[str, Any]) -> datatypes.SetVariableResultType:
        row, status = self._find(item)
        if row is not None:
            status = self._write(row, item["attribute_value"])
        return datatypes.SetVariableResultType(
            attribute_status=enums.SetVariableStatusEnumType(status),
            component=item["component"],
            variable=item["variable"],
        )

    def _write(self, row: Row, value: str) -> str:
        outcome = self.host.settings.write(row.name, value)
        if outcome is WriteOutcome.ACCEPTED and row.name == PASSWORD_VARIABLE:
            self.host.password = value
        # Rows of an EVSE are no settings: they tell a state.
        return str(WriteOutcome.REJECTED if outcome is WriteOutcome.UNKNOWN else outcome)


def _belongs_to(row: Row, report_base: str) -> bool:
    if report_base == "ConfigurationInventory":
        return not row.setting.read_only
    if report_base == "SummaryInventory":
        return row.evse_id is not None
    return True


def _report(row: Row) -> datatypes.ReportDataType:
    setting = row.setting
    mutability = "ReadOnly" if setting.read_only else "ReadWrite"
    return datatypes.ReportDataType(
        component=datatypes.ComponentType(
            name=row.component,
            evse=None if row.evse_id is None else datatypes.EVSEType(id=row.evse_id),
        ),
        variable=datatypes.VariableType(name=row.variable),
        variable_attribute=[
            datatypes.VariableAttributeType(
                value=None if setting.write_only else setting.value,
                mutability=enums.MutabilityEnumType(
                    "WriteOnly" if setting.write_only else mutability
                ),
            )
        ],
        variable_characteristics=datatypes.VariableCharacteristicsType(
            data_type=enums.DataEnumType(data_type(setting.value)), supports_monitoring=False
        ),
    )
