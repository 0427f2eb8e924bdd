"""Whether a token may charge, asked from a batch of messages."""

from collections.abc import Iterable

from sessions.domain.authorization import Decision, authorize, token_key
from sessions.selectors import load_tokens
from stations.domain.facts import StationFacts
from stations.ocpp.work import Work


def need_tokens(work: Work, uids: Iterable[str]) -> None:
    """Ask for the tokens with these UIDs."""
    work.need(load_tokens, (token_key(uid) for uid in uids if uid))


def decide(work: Work, station: StationFacts, uid: str) -> Decision:
    """Return the decision about a token that the batch has asked for."""
    token = work.loaded(load_tokens).get(token_key(uid))
    return authorize(token, station, now=work.now)
