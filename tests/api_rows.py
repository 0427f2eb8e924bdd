"""Rows that the tests of the API read, beside those of the factories."""

import itertools
from typing import Any

from django.utils import timezone

from diagnostics.models import Message
from roaming.models import Delivery, Partner
from scheduling.domain.statuses import WindowSource
from scheduling.models import StatusLedger, StatusWindow
from scheduling.selectors.targets import Target
from scheduling.services.windows import set_window
from sessions.domain.authorization import token_key
from sessions.models import MeterValue, Token
from stations.models import Command, Evse, Operator, Station

_numbers = itertools.count(1)


def token(operator: Operator, uid: str = "", **fields: Any) -> Token:
    uid = uid or f"04A1{next(_numbers):010}"
    return Token.objects.create(operator=operator, uid=uid, key=token_key(uid), **fields)


def window(target: Target, status: str = "BLOCKED", **fields: Any) -> StatusWindow:
    return set_window(target=target, source=WindowSource.API, status=status, **fields)


def ledger_entry(evse: Evse, **fields: Any) -> StatusLedger:
    values = {"at": timezone.now(), "is_online": True, "desired": "Operative"}
    return StatusLedger.objects.create(evse=evse, **values | {"status": "AVAILABLE"} | fields)


def command(station: Station, **fields: Any) -> Command:
    now = timezone.now()
    values = {"kind": "clear_cache", "source": "api", "created_at": now, "expires_at": now}
    return Command.objects.create(station=station, **values | fields)


def message(station: Station, **fields: Any) -> Message:
    values = {"direction": "in", "action": "Heartbeat", "message_id": str(next(_numbers))}
    values |= {"payload": "{}", "answer": "{}", "outcome": "result", "error_code": ""}
    values |= {"connection": "c", "received_at": timezone.now()}
    return Message.objects.create(station=station, **values | fields)


def meter_value(station: Station, **fields: Any) -> MeterValue:
    now = timezone.now()
    values = {"received_at": now, "sampled_at": now, "samples": []}
    return MeterValue.objects.create(station=station, **values | fields)


def partner(operator: Operator, **fields: Any) -> Partner:
    return Partner.objects.create(operator=operator, name=f"Partner {next(_numbers)}", **fields)


def delivery(partner: Partner, evse: Evse, **fields: Any) -> Delivery:
    now = timezone.now()
    values = {"status": "AVAILABLE", "created_at": now, "published_at": now, "due_at": now}
    return Delivery.objects.create(partner=partner, evse=evse, **values | fields)
