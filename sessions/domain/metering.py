"""What a meter said, in integer Wh and W, and what follows for a session."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# 64-bit columns; a register beyond this is a broken meter, kept in the samples alone.
MAX_ENERGY_WH = 10**15
MAX_POWER_W = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of one moment; `samples` is the list as it was sent."""

    at: datetime
    context: str
    energy_wh: int | None
    power_w: int | None
    soc_percent: int | None
    samples: list[Any]


def plausible_energy_wh(energy_wh: int | None) -> int | None:
    """Return a register in Wh, or None where it cannot be one (negative, absurdly large)."""
    if energy_wh is None or not 0 <= energy_wh <= MAX_ENERGY_WH:
        return None
    return energy_wh


def plausible_power_w(power_w: int | None) -> int | None:
    """Return a power in W, negative when the car feeds back, or None where it cannot be one."""
    if power_w is None or abs(power_w) > MAX_POWER_W:
        return None
    return power_w
