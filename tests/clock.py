"""The instant at which tests happen: noon of today, since tables are partitioned by real time."""

from datetime import UTC, datetime

NOON = datetime.now(tz=UTC).replace(hour=12, minute=0, second=0, microsecond=0)
