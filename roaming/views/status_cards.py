"""What drivers read of an EVSE: words in their language, times in the zone of the location."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

from roaming.domain.translation import driver_label, driver_second_line
from roaming.selectors.evses import ShownEvse
from scheduling.domain.schedule import Period
from scheduling.domain.statuses import PublicStatus
from stations.domain.connector_type import ConnectorStandard
from stations.models import Connector

# The words of roaming.domain.translation, so that they are found for translation.
_WORDS = (
    _("Available"),
    _("Occupied"),
    _("Reserved"),
    _("Out of service"),
    _("Out of order"),
    _("Blocked"),
    _("Unknown"),
    _("Coming soon"),
)
# How a window is announced; one that says Available is no news.
_WINDOW_WORDS = {
    PublicStatus.MAINTENANCE: _("Planned maintenance"),
    PublicStatus.OUT_OF_ORDER: _("Out of order"),
    PublicStatus.FAULTED: _("Out of order"),
    PublicStatus.OUT_OF_SERVICE: _("Out of service"),
    PublicStatus.COMMISSIONING: _("Not yet open"),
    PublicStatus.BLOCKED: _("Blocked"),
    PublicStatus.RESERVED: _("Reserved"),
    PublicStatus.OCCUPIED: _("Occupied"),
}
# Colour and sign of a status; the names are classes of status.css and ids of _signs.html.
_TONES = {
    PublicStatus.AVAILABLE: "available",
    PublicStatus.OCCUPIED: "occupied",
    PublicStatus.RESERVED: "reserved",
    PublicStatus.BLOCKED: "blocked",
    PublicStatus.FAULTED: "broken",
    PublicStatus.OUT_OF_ORDER: "broken",
    PublicStatus.COMMISSIONING: "soon",
    PublicStatus.UNKNOWN: "unknown",
}
_CONNECTOR_NAMES = {
    ConnectorStandard.IEC_62196_T1: "Type 1",
    ConnectorStandard.IEC_62196_T1_COMBO: "CCS 1",
    ConnectorStandard.IEC_62196_T2: "Type 2",
    ConnectorStandard.IEC_62196_T2_COMBO: "CCS 2",
    ConnectorStandard.IEC_62196_T3A: "Type 3A",
    ConnectorStandard.IEC_62196_T3C: "Type 3C",
    ConnectorStandard.CHADEMO: "CHAdeMO",
    ConnectorStandard.CHAOJI: "ChaoJi",
    ConnectorStandard.DOMESTIC_E: "Type E",
    ConnectorStandard.DOMESTIC_F: "Schuko",
    ConnectorStandard.TESLA_R: "Tesla",
    ConnectorStandard.TESLA_S: "Tesla",
}
# Within so many days the name of the day tells the date.
_DAYS_BY_NAME = 6
_WINDOWS_SHOWN = 2
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class EvseCard:
    """An EVSE in the words of drivers."""

    uid: str
    name: str
    label: str
    second_line: str
    tone: str
    since: str
    message: str
    windows: Sequence[str]
    connectors: str


def evse_card(shown: ShownEvse, *, zone: tzinfo, now: datetime) -> EvseCard:
    """Return what is shown of an EVSE at `now`, with the current and the next window."""
    label, second_line = driver_label(shown.status), driver_second_line(shown.status)
    return EvseCard(
        uid=str(shown.evse.uid),
        name=_name(shown),
        label=gettext(label) if label else "",
        second_line=gettext(second_line) if second_line else "",
        tone=_TONES.get(shown.status, "closed"),
        since=_since(shown.since, zone=zone, now=now),
        message=shown.message,
        windows=_window_texts(shown, zone=zone, now=now),
        connectors=", ".join(dict.fromkeys(_connector_text(each) for each in shown.connectors)),
    )


def window_text(period: Period, *, zone: tzinfo, now: datetime) -> str:
    """Return a window as a driver reads it: `Planned maintenance Tue 02:00-04:00`, with a dash."""
    what = gettext(_WINDOW_WORDS[period.status])
    begin, end = period.starts_at.astimezone(zone), period.ends_at
    today = now.astimezone(zone).date()
    if end is None:
        if period.starts_at <= now:
            return gettext("%(what)s until further notice") % {"what": what}
        return gettext("%(what)s from %(begin)s") % {"what": what, "begin": _moment(begin, today)}
    end = end.astimezone(zone)
    if period.starts_at <= now:
        return gettext("%(what)s until %(end)s") % {"what": what, "end": _moment(end, today)}
    is_one_day = begin.date() == end.date() or end - begin < timedelta(hours=12)
    last = _time(end) if is_one_day else _moment(end, today)
    dash = DASH if is_one_day else f" {DASH} "
    return f"{what} {_moment(begin, today, names_today=True)}{dash}{last}"


def _window_texts(shown: ShownEvse, *, zone: tzinfo, now: datetime) -> list[str]:
    told = [period for period in shown.periods if period.status in _WINDOW_WORDS]
    return [window_text(period, zone=zone, now=now) for period in told[:_WINDOWS_SHOWN]]


def _name(shown: ShownEvse) -> str:
    evse = shown.evse
    if evse.evse_id:
        return evse.evse_id
    reference = evse.physical_reference or str(evse.number)
    return gettext("Charging point %(reference)s") % {"reference": reference}


def _since(moment: datetime | None, *, zone: tzinfo, now: datetime) -> str:
    if moment is None:
        return ""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    text = _time(local) if local.date() == today else date_format(local, "j M H:i")
    return pgettext("status since a time", "since %(time)s") % {"time": text}


def _moment(local: datetime, today: date, *, names_today: bool = False) -> str:
    """Return a time, with the day unless it is today: by its name, or by its date if far off."""
    if local.date() == today and not names_today:
        return _time(local)
    if local.date() == today:
        return gettext("today %(time)s") % {"time": _time(local)}
    is_near = timedelta() < local.date() - today <= timedelta(days=_DAYS_BY_NAME)
    return date_format(local, "D H:i" if is_near else "D j M H:i")


def _time(local: datetime) -> str:
    return date_format(local, "H:i")


def _connector_text(connector: Connector) -> str:
    name = _CONNECTOR_NAMES.get(
        ConnectorStandard(connector.standard), connector.standard.replace("_", " ")
    )
    kilowatts = round(connector.max_power_w / 1000, 1)
    decimals = 0 if kilowatts == int(kilowatts) or kilowatts >= 10 else 1
    return f"{name} · {number_format(kilowatts, decimals)} kW"
