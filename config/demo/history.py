"""Sessions of the last day, so that the demo's charts have something to show at once."""

from datetime import datetime, timedelta
from random import Random

from config.demo.places import TOKENS, identity
from sessions.domain.words import AuthorizationStatus, SessionState
from sessions.models import ChargingSession, Token
from stations.models import Evse

PER_EVSE = 4
HOURS = 24
POWERS_W = (3_700, 7_400, 11_000, 22_000)


def ensure_past_sessions(now: datetime) -> None:
    """Make some ended sessions of the last 24 hours for each EVSE of the demo, when it has none."""
    if ChargingSession.objects.exists():
        return
    prefix = identity(0).split("-")[0]
    evses = Evse.objects.filter(station__identity__startswith=f"{prefix}-").order_by("pk")
    tokens = list(Token.objects.filter(uid__in=TOKENS).order_by("pk"))
    random = Random(1)  # noqa: S311 - the same demo every time, nothing secret
    sessions = [
        _session(evse, random.choice(tokens), random, starts_at=starts_at)
        for evse in evses.prefetch_related("connectors")
        for starts_at in _starts(random, now)
    ]
    ChargingSession.objects.bulk_create(sorted(sessions, key=lambda each: each.received_at))


def _starts(random: Random, now: datetime) -> list[datetime]:
    """Return moments in different quarters of the day, so that sessions do not overlap."""
    slot = timedelta(hours=HOURS / PER_EVSE)
    return [now - slot * number + slot / 3 * random.random() for number in range(PER_EVSE, 0, -1)]


def _session(evse: Evse, token: Token, random: Random, *, starts_at: datetime) -> ChargingSession:
    lasts = timedelta(minutes=random.randint(20, 200))
    power_w = random.choice(POWERS_W)
    meter_wh = random.randint(100_000, 900_000)
    return ChargingSession(
        station_id=evse.station_id,
        evse=evse,
        connector=evse.connectors.all()[0],
        start_key=f"demo-{evse.pk}-{starts_at:%Y%m%d%H%M%S}",
        token=token,
        token_uid=token.uid,
        authorization=AuthorizationStatus.ACCEPTED,
        state=SessionState.ENDED,
        started_at=starts_at,
        ended_at=starts_at + lasts,
        start_meter_wh=meter_wh,
        last_meter_wh=meter_wh + round(power_w * lasts / timedelta(hours=1)),
        last_power_w=0,
        last_message_at=starts_at + lasts,
        stop_reason="EVDisconnected",
        received_at=starts_at,
    )
