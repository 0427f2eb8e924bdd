"""What a version of OCPP must be able to say, and what its words may ask of the station."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Protocol

from stations.simulator.configuration import Settings
from stations.simulator.state import Evse, Outcome, Reading, Session

# A dataclass of `ocpp.v16.call` or `ocpp.v201.call`.
Message = Any


class Host(Protocol):
    """The station behind the words."""

    identity: str
    vendor: str
    model: str
    serial: str
    firmware: str
    password: str | bytes | None

    @property
    def settings(self) -> Settings: ...
    @property
    def has_queued_messages(self) -> bool: ...
    def now(self) -> datetime: ...
    def find_evse(self, evse_id: int) -> Evse | None: ...
    def all_evses(self) -> list[Evse]: ...
    def shown_status(self, evse: Evse) -> str: ...
    def defer(self, begin: Callable[[], Coroutine[Any, Any, object]]) -> None: ...
    def change_availability(self, evse_ids: Sequence[int], *, operative: bool) -> Outcome: ...
    def reserve(self, evse_id: int, reservation_id: int) -> bool: ...
    def cancel_reservation(self, reservation_id: int) -> bool: ...
    def remote_start(
        self, evse_id: int | None, id_tag: str, *, remote_start_id: int | None = None
    ) -> Outcome: ...
    def remote_stop(self, transaction_id: str | int) -> Outcome: ...
    def unlock(self, evse_id: int) -> bool: ...
    def restart(self, *, hard: bool, when_idle: bool = False) -> Outcome: ...
    async def boot(self, reason: str = "PowerUp") -> dict[str, Any]: ...
    async def report(self, evse: Evse) -> None: ...
    async def sample(self, evse_id: int) -> None: ...
    async def request(self, message: Message) -> dict[str, Any]: ...


class Words(ABC):
    """One version's messages to the central system; the answers are marked methods beside them."""

    version: ClassVar[str]
    subprotocol: ClassVar[str]
    stop_on_invalid_id: ClassVar[str]
    authorize_remote_start: ClassVar[str]

    def __init__(self, host: Host) -> None:
        self.host = host
        self.local_list_version = 0

    @abstractmethod
    def fresh_settings(self, evse_count: int) -> Settings:
        """The configuration as the factory set it."""

    @abstractmethod
    def boot(self, reason: str) -> Message:
        """BootNotification."""

    @abstractmethod
    def heartbeat(self) -> Message:
        """Heartbeat."""

    @abstractmethod
    def statuses(self, evse: Evse) -> list[Message]:
        """All that reports the state of an EVSE, or of the station for number 0."""

    @abstractmethod
    def authorize(self, id_tag: str) -> Message:
        """Authorize."""

    @abstractmethod
    def id_status(self, answer: dict[str, Any]) -> str:
        """The status of the token in an answer, or an empty text."""

    @abstractmethod
    def begun(self, session: Session, *, offline: bool) -> Callable[[], Message]:
        """The message that a session has begun, to be built when it is sent."""

    @abstractmethod
    def learn(self, session: Session, answer: dict[str, Any]) -> None:
        """Take what the answer to `begun` says into the session."""

    @abstractmethod
    def metered(
        self, session: Session, reading: Reading, *, offline: bool
    ) -> Callable[[], Message]:
        """The message that a session goes on."""

    @abstractmethod
    def ended(self, session: Session, reading: Reading, *, offline: bool) -> Callable[[], Message]:
        """The message that a session has ended."""

    @abstractmethod
    def meter_values(self, evse_id: int, reading: Reading) -> Message:
        """MeterValues outside a session."""

    def announce(self, messages: Iterable[Message]) -> None:
        """Send these, in order, after the answer to the CALL in hand."""
        for message in messages:
            self.host.defer(partial(self.host.request, message))
