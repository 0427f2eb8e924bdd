"""Tolerant readers of what stations write into their messages: times, numbers, energy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

MAX_CLOCK_LEAD: Final = timedelta(hours=24)  # a station's clock further ahead is not believed
EARLIEST_PLAUSIBLE_AT: Final = datetime(2015, 1, 1, tzinfo=UTC)  # OCPP 1.6 was published in 2015
MAX_NUMBER_LENGTH: Final = 64  # characters
MAX_INTEGER_DIGITS: Final = 15  # a terawatt-hour in Wh has 13; 15 fit a bigint and a double
MAX_DECIMAL_DIGITS: Final = 9  # what a meter cannot resolve is rounding noise of the firmware
MAX_MULTIPLIER: Final = 9  # powers of ten; giga, and nano in the other direction

# Fields in any width, fractions of any length, 60 for a leap second, blanks around the offset.
_LOOSE_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d*))?)?)?"
    r"\s*(?:(?:[Zz]|UTC|GMT)|([+-])(\d{1,2}):?(\d{2})?)?",
    re.ASCII,
)
_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SMALLEST_STEP = Decimal(1).scaleb(-MAX_DECIMAL_DIGITS)

# Powers of ten from one unit to Wh; an absent unit is Wh in every version.
_POWER_OF_UNIT: Final = {"wh": 0, "kwh": 3, "mwh": 6}


@dataclass(frozen=True, slots=True)
class StationTime:
    """A time that a station wrote: what we take it for, and its own words.

    `plausible` is False when the text is unreadable (then `at` is the time of receipt), lies
    more than a day ahead of the receipt, or comes from a clock that was never set. Times long
    past are plausible: stations queue messages while they are offline.
    """

    at: datetime
    as_sent: str
    plausible: bool


def read_timestamp(text: str | None, received_at: datetime) -> StationTime:
    """Read a time in any ISO 8601 form, taking one without zone for UTC; `at` is aware UTC."""
    as_sent = text or ""
    at = _read_time(as_sent)
    if at is None:
        return StationTime(received_at, as_sent, plausible=False)
    plausible = EARLIEST_PLAUSIBLE_AT <= at <= received_at + MAX_CLOCK_LEAD
    return StationTime(at, as_sent, plausible)


def read_decimal(value: str | float | Decimal | None) -> Decimal | None:
    """Read a number as text or JSON number; None when it is none, or of absurd size.

    A comma is a decimal comma, unless a point follows it; blanks are dropped. The result has
    at most MAX_INTEGER_DIGITS before and MAX_DECIMAL_DIGITS after the point.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**MAX_INTEGER_DIGITS else None
    text = value if isinstance(value, str) else str(value)
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    if len(text) > MAX_NUMBER_LENGTH:
        return None
    plain = _with_decimal_point("".join(text.split()))
    return _bounded(Decimal(plain)) if _NUMBER.fullmatch(plain) else None


def read_wh(
    value: str | float | Decimal | None, unit: str | None, *, multiplier: int | None = 0
) -> int | None:
    """Read an energy as whole Wh, rounded half to even.

    `unit` is Wh, kWh or MWh in any case, None for Wh; `multiplier` is the power of ten of
    OCPP 2.0.1. None when the value is no number, or the unit no unit of energy.
    """
    power = _POWER_OF_UNIT.get(unit.strip().lower()) if unit else 0
    number = read_decimal(value)
    if number is None or power is None or abs(multiplier or 0) > MAX_MULTIPLIER:
        return None
    energy_wh = number.scaleb(power + (multiplier or 0))
    return round(energy_wh) if energy_wh.adjusted() < MAX_INTEGER_DIGITS else None


def _read_time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except ValueError:
        return _read_loose_time(text)
    except OverflowError:  # year 1 or 9999, moved out of the calendar by its offset
        return None


def _read_loose_time(text: str) -> datetime | None:
    match = _LOOSE_TIMESTAMP.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = match.groups("0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset >= timedelta(days=1):
        return None
    try:
        at = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            59 if second == "60" else int(second),
            int(f"{fraction:0<6.6}"),
            tzinfo=UTC,
        )
        return at + offset if sign == "-" else at - offset
    except (ValueError, OverflowError):
        return None


def _with_decimal_point(text: str) -> str:
    """Of comma and point, the later one is the decimal point and the other one groups digits."""
    if text.rfind(",") > text.rfind("."):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "") if "," in text else text


def _bounded(number: Decimal) -> Decimal | None:
    if number.adjusted() >= MAX_INTEGER_DIGITS:
        return None
    return number.quantize(_SMALLEST_STEP) or Decimal(0)  # a quantized zero prints as 0E-9


def write_timestamp(at: datetime) -> str:
    """Write an aware UTC time as OCPP wants it: RFC 3339 with milliseconds and `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def believed_time(text: str | None, now: datetime) -> datetime:
    """Return a station's time, or `now` where its clock cannot be believed or runs ahead."""
    told = read_timestamp(text, now)
    return min(told.at, now) if told.plausible else now
