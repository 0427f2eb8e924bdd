"""Senders: one thread per partner that has something to be told, so that none waits for another."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import connections

from roaming.domain.words import SendResult
from roaming.models import Partner
from roaming.selectors.partners import partners_with_due
from roaming.services.contacts import note_outcomes
from roaming.services.outbox import Claim, Outcome, claim, settle

logger = logging.getLogger(__name__)

# Tells a partner what was claimed for it; returns one outcome per claim and never raises for
# anything that a partner does.
Push = Callable[[Partner, Sequence[Claim]], Sequence[Outcome]]
Clock = Callable[[], datetime]

# At most so many partners are told at the same time by one process.
MAX_SENDERS = 16
# After that long a sender ends, and the next run goes on: it sees a partner's new settings.
LONGEST_RUN_S = 20


class Senders:
    """The threads of this process that tell partners, at most one for each partner."""

    def __init__(self, push: Push, *, clock: Clock) -> None:
        self._push = push
        self._clock = clock
        self._threads: dict[int, threading.Thread] = {}
        self._guard = threading.Lock()

    def start(self) -> int:
        """Start a sender for each partner with something due; return how many were started."""
        due = partners_with_due(self._clock())
        with self._guard:
            self._threads = {pk: each for pk, each in self._threads.items() if each.is_alive()}
            fresh = [pk for pk in due if pk not in self._threads]
            fresh = fresh[: MAX_SENDERS - len(self._threads)]
            for partner_id in fresh:
                self._threads[partner_id] = self._thread(partner_id)
        return len(fresh)

    def wait(self, timeout_s: float) -> bool:
        """Wait until all senders are done, at most so long; say whether they are."""
        give_up_at = time.monotonic() + timeout_s
        with self._guard:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _thread(self, partner_id: int) -> threading.Thread:
        """A daemon: what it has claimed becomes due again if the process ends meanwhile."""
        run = partial(_run, partner_id, self._push, self._clock)
        thread = threading.Thread(target=run, name=f"sender-{partner_id}", daemon=True)
        thread.start()
        return thread


def _run(partner_id: int, push: Push, clock: Clock) -> None:
    try:
        tell_partner(partner_id, push, clock=clock)
    except Exception:
        logger.exception("telling partner %s failed", partner_id)
    finally:
        connections.close_all()


def tell_partner(partner_id: int, push: Push, *, clock: Clock) -> None:
    """Send what is due for one partner, round by round, until nothing is or it fails to answer.

    Must not run inside a transaction: partners may take their time.
    """
    give_up_at = time.monotonic() + LONGEST_RUN_S
    while time.monotonic() < give_up_at:
        claims = claim(partner_id, now=clock())
        if not claims:
            return
        outcomes = push(Partner.objects.select_related("operator").get(pk=partner_id), claims)
        settle(partner_id, outcomes, now=clock())
        note_outcomes(partner_id, outcomes, now=clock())
        if any(outcome.result is SendResult.UNREACHABLE for outcome in outcomes):
            return
