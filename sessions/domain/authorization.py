"""May this token charge here? One pure decision for every message that asks."""

from dataclasses import dataclass
from datetime import datetime

from sessions.domain.words import AuthorizationStatus, TokenStatus
from stations.domain.facts import StationFacts
from stations.domain.setup_state import RegistrationStatus, SetupState


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as the decision sees it."""

    id: int
    operator_id: int
    uid: str
    status: TokenStatus
    valid_from: datetime | None
    valid_to: datetime | None
    group: str

    def is_expired(self, now: datetime) -> bool:
        """Say whether `now` lies outside the token's validity."""
        too_early = self.valid_from is not None and now < self.valid_from
        return too_early or (self.valid_to is not None and now >= self.valid_to)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a token, and why, in words that staff read."""

    status: AuthorizationStatus
    reason: str

    @property
    def is_accepted(self) -> bool:
        """Say whether the driver may charge."""
        return self.status is AuthorizationStatus.ACCEPTED


def token_key(uid: str) -> str:
    """Return what tokens are compared by: upper-case, without separators and blanks."""
    return "".join(sign for sign in uid.upper() if sign not in " :-")


def authorize(token: TokenFacts | None, station: StationFacts, *, now: datetime) -> Decision:
    """Decide whether a token may charge at a station; the first rule that says no decides."""
    if station.registration is not RegistrationStatus.ACCEPTED:
        return Decision(AuthorizationStatus.INVALID, "station is not accepted yet")
    if station.is_disabled or station.setup_state is SetupState.RETIRED:
        return Decision(AuthorizationStatus.BLOCKED, "station is disabled")
    if token is None or token.operator_id != station.operator_id:
        return Decision(AuthorizationStatus.INVALID, "token is unknown")
    if token.status is TokenStatus.BLOCKED:
        return Decision(AuthorizationStatus.BLOCKED, "token is blocked")
    if token.is_expired(now):
        return Decision(AuthorizationStatus.EXPIRED, "token is outside its validity")
    return Decision(AuthorizationStatus.ACCEPTED, "token is valid")
