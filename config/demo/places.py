"""What the demo consists of: places, stations, cards and plans, as plain values."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from scheduling.domain.statuses import WindowSource, WindowStatus

STATIONS = 12
EVSES_PER_STATION = 2
# As the simulated fleet names its stations and charges with.
PREFIX = "SIM"
TOKENS = ("SIMTAG01", "SIMTAG02", "SIMTAG03")
# One more station connects than the back office knows: it is held until somebody approves it.
FLEET = STATIONS + 1
SPEEDUP = 20.0


@dataclass(frozen=True, slots=True)
class Place:
    """A location; coordinates in degrees."""

    slug: str
    name: str
    address: str
    postal_code: str
    city: str
    latitude: Decimal
    longitude: Decimal
    parking_type: str


PLACES = (
    Place(
        "utrecht-stationsplein",
        "Stationsplein",
        "Stationsplein 1",
        "3511 ED",
        "Utrecht",
        Decimal("52.089444"),
        Decimal("5.110278"),
        "UNDERGROUND_GARAGE",
    ),
    Place(
        "amsterdam-zuidas",
        "Zuidas",
        "Gustav Mahlerplein 60",
        "1082 MA",
        "Amsterdam",
        Decimal("52.337778"),
        Decimal("4.873056"),
        "PARKING_GARAGE",
    ),
    Place(
        "rotterdam-wilhelminakade",
        "Wilhelminakade",
        "Wilhelminakade 137",
        "3072 AP",
        "Rotterdam",
        Decimal("51.906111"),
        Decimal("4.488611"),
        "ON_STREET",
    ),
    Place(
        "groningen-grote-markt",
        "Grote Markt",
        "Grote Markt 1",
        "9712 HN",
        "Groningen",
        Decimal("53.218889"),
        Decimal("6.568056"),
        "PARKING_LOT",
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A status window: its target by station and EVSE number, or by place; times from now."""

    reference: str
    status: WindowStatus
    source: WindowSource
    starts_in: timedelta
    lasts: timedelta
    message: str = ""
    takes_out_of_service: bool | None = None
    place: str = ""
    station: int = 0
    evse: int = 0


PLANS = (
    Plan(
        "demo-screen",
        WindowStatus.MAINTENANCE,
        WindowSource.STAFF,
        timedelta(0),
        timedelta(hours=4),
        message="The screen is being replaced.",
        takes_out_of_service=True,
        station=3,
    ),
    Plan(
        "demo-parked-car",
        WindowStatus.BLOCKED,
        WindowSource.API,
        timedelta(0),
        timedelta(hours=2),
        message="A parked car is in the way.",
        station=5,
        evse=1,
    ),
    Plan(
        "demo-short-test",
        WindowStatus.OUT_OF_SERVICE,
        WindowSource.STAFF,
        timedelta(minutes=2),
        timedelta(minutes=3),
        message="A short test of the emergency stop.",
        takes_out_of_service=True,
        station=2,
    ),
    Plan(
        "demo-booking",
        WindowStatus.RESERVED,
        WindowSource.API,
        timedelta(minutes=10),
        timedelta(hours=1),
        message="Booked.",
        station=7,
        evse=2,
    ),
    Plan(
        "demo-grid",
        WindowStatus.OUT_OF_ORDER,
        WindowSource.STAFF,
        timedelta(hours=15),
        timedelta(hours=2),
        message="Work on the grid connection.",
        place="rotterdam-wilhelminakade",
    ),
)


def identity(number: int) -> str:
    """Return the identity of the demo's station `number`, counted from 1."""
    return f"{PREFIX}-{number:04d}"
