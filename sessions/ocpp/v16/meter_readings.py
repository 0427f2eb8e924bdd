"""Meter values of OCPP 1.6, section 7.33 and 7.43, in our units."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sessions.domain.metering import Reading, plausible_energy_wh, plausible_power_w
from stations.ocpp.values import believed_time, read_decimal, read_wh

ENERGY = "Energy.Active.Import.Register"
POWER = "Power.Active.Import"
SOC = "SoC"
_W_OF_UNIT = {"w": 1, "kw": 1000}


def readings(meter_values: Iterable[dict[str, Any]] | None, now: datetime) -> list[Reading]:
    """Return one reading for each moment; a value of one phase counts for no total."""
    return [_reading(value, now) for value in meter_values or () if value.get("sampledValue")]


def _reading(meter_value: dict[str, Any], now: datetime) -> Reading:
    energy_wh = power_w = soc = None
    samples = meter_value["sampledValue"]
    for sample in samples:
        if sample.get("phase"):
            continue
        measurand = sample.get("measurand") or ENERGY
        if measurand == ENERGY:
            energy_wh = plausible_energy_wh(read_wh(sample["value"], sample.get("unit")))
        elif measurand == POWER:
            power_w = _power_w(sample)
        elif measurand == SOC:
            soc = _percent(sample["value"])
    return Reading(
        at=believed_time(meter_value.get("timestamp"), now),
        context=samples[0].get("context") or "Sample.Periodic",
        energy_wh=energy_wh,
        power_w=power_w,
        soc_percent=soc,
        samples=samples,
    )


def _power_w(sample: dict[str, Any]) -> int | None:
    number = read_decimal(sample["value"])
    factor = _W_OF_UNIT.get((sample.get("unit") or "W").strip().lower())
    if number is None or factor is None:
        return None
    return plausible_power_w(round(number * factor))


def _percent(value: Any) -> int | None:
    number = read_decimal(value)
    return round(number) if number is not None and 0 <= number <= 100 else None
