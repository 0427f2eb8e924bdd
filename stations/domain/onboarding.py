"""The words of setting up stations: unknown ones, EVSE ID pools, configuration runs."""

from enum import StrEnum


class UnknownStations(StrEnum):
    """What happens to a station that nobody announced."""

    HOLD = "hold"
    REFUSE = "refuse"
    ACCEPT = "accept"


class EvseIdState(StrEnum):
    """The life of an EVSE ID out of a pool; a spent one is never bound to anything else."""

    FREE = "free"
    PRINTED = "printed"
    ASSIGNED = "assigned"
    SPENT = "spent"


class Severity(StrEnum):
    """How much a wrong configuration item matters."""

    MUST = "must"
    WARN = "warn"
    INFO = "info"


class Comparison(StrEnum):
    """How a configuration value is compared with the wanted one."""

    BOOL = "bool"
    INT = "int"
    CSV_SET = "csv_set"
    TEXT = "text"


class RunState(StrEnum):
    """The life of a configuration run."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Verdict(StrEnum):
    """What a configuration run found for one item."""

    OK = "ok"
    MISMATCH = "mismatch"
    FIXED = "fixed"
    REJECTED = "rejected"
    READ_ONLY_MISMATCH = "read_only_mismatch"
    UNSUPPORTED = "unsupported"
    REBOOT_PENDING = "reboot_pending"
    TIMED_OUT = "timed_out"
