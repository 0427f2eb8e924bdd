"""What may be done to a status window, and why not; the refusals are written for people."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from scheduling.domain.statuses import WindowStatus
from scheduling.domain.windows import RangeError, validate_range
from scheduling.models import StatusWindow
from scheduling.selectors.targets import Target
from stations.domain.setup_state import SetupState
from stations.models import Evse, Location, Station

MESSAGE_MAX_LENGTH = 500

_CHANGEABLE_WHEN_ACTIVE = frozenset({"ends_at", "message", "external_reference"})
_MARKUP = re.compile(r"<[a-zA-Z/!]")


class _WindowFields(TypedDict, total=False):
    starts_at: datetime | None
    ends_at: datetime | None
    message: str
    takes_out_of_service: bool | None
    recurrence: str
    external_reference: str


class WindowChanges(_WindowFields, total=False):
    """What may be changed about a window; `ends_at` None: until it is removed."""

    status: str


class WindowValues(_WindowFields):
    """What a new window is made of; `starts_at` None: now."""

    status: str


class WindowRefused(ValidationError):  # noqa: N818 - an answer, like PermissionDenied
    """A window cannot be set or changed like this; errors by field, and the windows in the way."""

    def __init__(self, errors: Mapping[str, str], conflicts: Sequence[StatusWindow] = ()) -> None:
        super().__init__({name: [error] for name, error in errors.items()})
        self.conflicts = tuple(conflicts)


def check_target(target: Target) -> None:
    """Raise WindowRefused for a target that is out of use for good."""
    if isinstance(target, Location):
        return
    station = target if isinstance(target, Station) else target.station
    is_retired = isinstance(target, Evse) and target.retired_at is not None
    if is_retired or station.setup_state == SetupState.RETIRED:
        message = _("%(target)s is retired. Choose one that is in use.") % {"target": target}
        raise WindowRefused({"target": message})


def check_window(window: StatusWindow, *, now: datetime) -> None:
    """Raise WindowRefused, with the errors of all fields, unless a window may be like this."""
    errors = _value_errors(window)
    errors |= _range_errors(window, now)
    if errors:
        raise WindowRefused(errors)


def check_change(window: StatusWindow, changes: Mapping[str, Any], *, now: datetime) -> None:
    """Raise WindowRefused unless these fields of a window may change; it is not changed yet.

    A past window is history; one in force keeps everything but its end and its message.
    """
    if window.is_over(now):
        raise WindowRefused({"window": _("The window is over. Set a new one instead.")})
    if not window.is_active(now):
        return
    fixed = changes.keys() - _CHANGEABLE_WHEN_ACTIVE
    if fixed:
        message = _(
            "The window is in force: only its end and its message can be changed. "
            "End it and set a new one instead."
        )
        raise WindowRefused(dict.fromkeys(sorted(fixed), message))


def overlap_refused(others: Sequence[StatusWindow]) -> WindowRefused:
    """Return the refusal of a window that overlaps others on its target."""
    texts = [
        _("Overlaps %(window)s. Choose other times, or change that window first.")
        % {"window": describe(other)}
        for other in others
    ]
    return WindowRefused({"starts_at": " ".join(texts)}, others)


def describe(window: StatusWindow) -> str:
    """Name a window for people, in the time zone in force: status, target and times."""
    start = date_format(localtime(window.starts_at), "j M Y H:i")
    if window.ends_at is None:
        template = _("“%(window)s” from %(start)s until it is removed")
        return template % {"window": window, "start": start}
    end = date_format(localtime(window.ends_at), "j M Y H:i")
    template = _("“%(window)s” from %(start)s to %(end)s")
    return template % {"window": window, "start": start, "end": end}


def in_utc(instant: datetime | None) -> datetime | None:
    """Return an aware time in UTC; a naive one is left for `check_window` to refuse."""
    return instant if instant is None or is_naive(instant) else instant.astimezone(UTC)


def _value_errors(window: StatusWindow) -> dict[str, str]:
    errors = {}
    if window.status not in set(WindowStatus):
        errors["status"] = _("There is no such status. Choose one of: %(names)s.") % {
            "names": ", ".join(WindowStatus)
        }
    if window.recurrence:
        errors["recurrence"] = _(
            "Recurring windows are not supported yet. Set each window by itself."
        )
    message_error = _message_error(window.message)
    if message_error:
        errors["message"] = message_error
    return errors


def _message_error(message: str) -> str | None:
    if len(message) > MESSAGE_MAX_LENGTH:
        return _("The message has %(length)d characters; at most %(limit)d are possible.") % {
            "length": len(message),
            "limit": MESSAGE_MAX_LENGTH,
        }
    has_control = any(unicodedata.category(sign) == "Cc" for sign in message)
    if has_control or _MARKUP.search(message):
        return _("The message is shown as plain text: leave out markup and line breaks.")
    return None


def _range_errors(window: StatusWindow, now: datetime) -> dict[str, str]:
    for name in ("starts_at", "ends_at"):
        instant = getattr(window, name)
        if instant is not None and is_naive(instant):
            return {name: _("The time has no time zone. Add one, such as “Z”.")}
    try:
        validate_range(window.starts_at, window.ends_at, now=now)
    except RangeError as error:
        return {"ends_at": _(str(error))}
    return {}
