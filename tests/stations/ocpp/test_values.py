"""Tests of the tolerant readers."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.ocpp.values import StationTime, read_decimal, read_timestamp, read_wh

NOW = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
TEN = datetime(2025, 5, 1, 10, 0, tzinfo=UTC)
HALF_PAST = TEN + timedelta(seconds=0.5)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-05-01T10:00:00Z", TEN),
        ("2025-05-01T10:00:00z", TEN),
        ("2025-05-01T10:00:00", TEN),
        ("2025-05-01 10:00:00", TEN),
        ("2025-05-01T10:00Z", TEN),
        ("  2025-05-01T10:00:00Z ", TEN),
        ("2025-05-01T12:00:00+02:00", TEN),
        ("2025-05-01T12:00:00+0200", TEN),
        ("2025-05-01T12:00:00+02", TEN),
        ("2025-05-01T12:00:00 +02:00", TEN),
        ("2025-05-01T04:30:00-05:30", TEN),
        ("2025-5-1T4:30:0-5:30", TEN),
        ("2025-5-1T12:0:0+2", TEN),
        ("2025-05-01 10:00:00 UTC", TEN),
        ("2025-05-01T10:00:00.Z", TEN),
        ("2025-05-01T10:00:00.5Z", HALF_PAST),
        ("2025-05-01T10:00:00,5Z", HALF_PAST),
        ("2025-5-1T10:00:00.5000000000009Z", HALF_PAST),
        ("2025-05-01T10:00:00.500000000000000000Z", HALF_PAST),
        ("2025-05-01T09:59:60Z", TEN - timedelta(seconds=1)),
        ("2025-05-01", TEN.replace(hour=0)),
        ("2025-5-1", TEN.replace(hour=0)),
    ],
)
def test_a_time_is_read_in_any_common_form(text, at):
    assert read_timestamp(text, NOW) == StationTime(at, text, plausible=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0",
        "1746093600",
        "2025-13-01T10:00:00Z",
        "2025-2-30T10:00:00Z",
        "2025-05-01T25:00:00Z",
        "2025-5-1T10:00:00+99:00",
        "0001-01-01T00:00:00+10:00",
        "0001-1-1T00:00:00+10:00",
        "9999-12-31T23:00:00-10:00",
        "\ud800",
        "2025-05-01T10:00:00" + "0" * 10_000,
    ],
)
def test_an_unreadable_time_is_the_time_of_receipt(text):
    assert read_timestamp(text, NOW) == StationTime(NOW, text, plausible=False)


def test_a_missing_time_is_the_time_of_receipt():
    assert read_timestamp(None, NOW) == StationTime(NOW, "", plausible=False)


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("1970-01-01T00:00:07Z", False),
        ("2000-01-01T00:00:00Z", False),
        ("2014-12-31T23:59:59Z", False),
        ("2015-01-01T00:00:00Z", True),
        ("2025-05-02T12:00:00Z", True),
        ("2025-05-02T12:00:01Z", False),
        ("2106-02-07T06:28:15Z", False),
    ],
)
def test_a_clock_that_was_never_set_is_not_plausible(text, plausible):
    time = read_timestamp(text, NOW)
    assert time.plausible is plausible
    assert time.at == datetime.fromisoformat(text)


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=ZONES))  # noqa: DTZ001 - bounds
def test_every_written_time_is_read_back(at):
    time = read_timestamp(at.isoformat(), NOW)
    assert time.at == at
    assert time.at.utcoffset() == timedelta(0)


@given(st.text() | st.text("0123456789-T:.+Z ", max_size=30))
def test_any_text_gives_an_aware_time(text):
    time = read_timestamp(text, NOW)
    assert time.at.utcoffset() == timedelta(0)
    assert time.as_sent == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", "12"),
        ("-12.5", "-12.5"),
        ("+3", "3"),
        ("1234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567,5", "1234567.5"),
        (" 1 234,5 ", "1234.5"),
        ("1\N{NO-BREAK SPACE}234", "1234"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.5E3", "1500"),
        ("1e-3", "0.001"),
        ("0.12345678912", "0.123456789"),
        ("1e-300", "0"),
        ("0.0000000000", "0"),
        ("999999999999999", "999999999999999"),
        (7, "7"),
        (0.1, "0.1"),
        (0.30000000000000004, "0.3"),
        (Decimal("2.5"), "2.5"),
    ],
)
def test_a_number_is_read_in_any_common_form(value, number):
    assert read_decimal(value) == Decimal(number)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "-",
        ".",
        "NaN",
        "Infinity",
        "-inf",
        "12 kWh",
        "1,234,567",
        "1.2.3",
        "1_000",
        "0x10",
        "١٢",
        "1e15",
        "1e999",
        "1e9999",
        "1" * 16,
        "1" * 100,
        10**15,
        pytest.param(-(10**5000), id="beyond what str() writes"),
        1e300,
        float("nan"),
        float("-inf"),
        Decimal("sNaN"),
    ],
)
def test_what_is_no_number_or_absurd_is_none(value):
    assert read_decimal(value) is None


@given(st.text() | st.text("0123456789.,eE+- ", max_size=20) | st.floats() | st.integers())
def test_any_value_is_a_bounded_number_or_none(value):
    number = read_decimal(value)
    assert number is None or (number.is_finite() and abs(number) < 10**15)
    assert number is None or number == round(number, 9)


@given(st.decimals(-(10**14), 10**14, places=6))
def test_a_number_reads_the_same_with_point_and_with_comma(number):
    assert read_decimal(f"{number:f}") == read_decimal(f"{number:f}".replace(".", ",")) == number


@pytest.mark.parametrize(
    ("value", "unit", "multiplier", "energy_wh"),
    [
        ("12345", "Wh", 0, 12345),
        ("12345", None, 0, 12345),
        ("12345", "", 0, 12345),
        (12345, "Wh", None, 12345),
        ("12,345", "kWh", 0, 12345),
        ("12.3455", "KWH", 0, 12346),
        ("1", " MWh", 0, 1_000_000),
        (1.5, "Wh", 3, 1500),
        (1500, "kWh", -3, 1500),
        ("0.5", "Wh", 0, 0),
        ("1.5", "Wh", 0, 2),
        ("-7", "Wh", 0, -7),
        ("0", "kWh", 9, 0),
        ("12", "varh", 0, None),
        ("12", "W", 0, None),
        ("twelve", "Wh", 0, None),
        (None, None, 0, None),
        ("12", "Wh", 10, None),
        ("12", "Wh", -10, None),
        ("999999999999999", "kWh", 0, None),
    ],
)
def test_energy_is_read_as_whole_wh(value, unit, multiplier, energy_wh):
    assert read_wh(value, unit, multiplier=multiplier) == energy_wh


@given(st.integers(-(10**12), 10**12))
def test_the_unit_does_not_change_the_energy(energy_wh):
    in_kwh = str(Decimal(energy_wh) / 1000)
    assert read_wh(in_kwh, "kWh") == read_wh(energy_wh, None) == energy_wh
