"""Tells a partner of changed EVSEs: PATCH at its Locations module (OCPI 2.2.1, receiver)."""

import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.utils import timezone

from roaming.domain.peer import Party
from roaming.domain.words import SendResult
from roaming.gateway.client import HttpClient
from roaming.models import Partner
from roaming.ocpi.client import OcpiClient, Reply
from roaming.ocpi.envelope import StatusCode
from roaming.ocpi.headers import Route
from roaming.ocpi.v221.locations import evse_change_json, location_json
from roaming.selectors.evses import ShownEvse, by_location, load_shown, shared
from roaming.selectors.locations import shared_locations
from roaming.services.outbox import Claim, Outcome
from roaming.services.tokens import outbound_token
from stations.services.secrets import SecretUnreadable

# So many EVSEs of one partner are under way at the same time.
PARALLEL = 8
# What is not begun by then waits for the next round: a claim's lease must outlast every request.
ROUND_S = 10
_NOT_SHARED = "The EVSE is not shared with partners any more."
_NOT_TRIED = "The partner took too long for other EVSEs; this one waits."


@dataclass(frozen=True, slots=True)
class Receiver:
    """The Locations module of a partner."""

    client: OcpiClient
    url: str
    route: Route

    def patch_evse(self, shown: ShownEvse, *, last_updated: datetime) -> Reply:
        """Send the status and the schedule of an EVSE."""
        content = evse_change_json(shown, last_updated=last_updated)
        address = self._address(str(shown.evse.station.location_id), str(shown.evse.uid))
        return self.client.request("PATCH", address, content, route=self.route)

    def put_location(self, content: dict[str, Any]) -> Reply:
        """Send a whole location."""
        address = self._address(content["id"])
        return self.client.request("PUT", address, content, route=self.route)

    def _address(self, *parts: str) -> str:
        us = self.route.sender
        path = "/".join(quote(part, safe="") for part in (us.country_code, us.party_id, *parts))
        return f"{self.url.rstrip('/')}/{path}"


def push(partner: Partner, claims: Sequence[Claim]) -> list[Outcome]:
    """Tell a partner of the EVSEs of `claims` as they are now; return one outcome each.

    A location that the partner does not know is sent as a whole. Three queries, and four more
    where there are such locations; no HTTP inside a transaction.
    """
    with HttpClient(connections=PARALLEL) as http, ThreadPoolExecutor(PARALLEL) as pool:
        receiver = _receiver(partner, http)
        if isinstance(receiver, str):
            return [Outcome(each, SendResult.FAILED, error=receiver) for each in claims]
        condition = Q(pk__in=[each.evse_id for each in claims]) & shared() & _published()
        shown = {each.evse.pk: each for each in load_shown(condition, now=timezone.now())}
        round_ = _Round(receiver, shown, give_up_at=time.monotonic() + ROUND_S)
        outcomes = list(pool.map(round_.patch, claims))
        unknown = {round_.location_id(each) for each in outcomes if _is_unknown(each)}
        locations = load_locations(partner, unknown) if unknown else {}
        replies = dict(zip(locations, pool.map(round_.put, locations.values()), strict=True))
    return [round_.after_put(each, replies) if _is_unknown(each) else each for each in outcomes]


def load_locations(partner: Partner, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the Location objects of these ids, whole; four queries."""
    evses = by_location(load_shown(Q(station__location__in=ids) & shared(), now=timezone.now()))
    rows = shared_locations(partner.operator).filter(pk__in=ids)
    return {
        row.pk: location_json(row, evses.get(row.pk, []), last_updated=row.last_updated)
        for row in rows
    }


def _published() -> Q:
    return Q(station__location__is_published=True, station__location__latitude__isnull=False)


def _receiver(partner: Partner, http: HttpClient) -> Receiver | str:
    """Return the partner's module, or why it cannot be used."""
    urls = [
        each["url"]
        for each in partner.endpoints
        if (each["identifier"], each["role"]) == ("locations", "RECEIVER")
    ]
    if not urls:
        return "The partner offers no Locations endpoint as receiver."
    try:
        token = outbound_token(partner)
    except SecretUnreadable as error:
        return f"The token for this partner cannot be read: {error}. Register again."
    us = Party(partner.operator.country_code, partner.operator.party_id)
    route = Route(sender=us, receiver=Party(partner.country_code, partner.party_id))
    return Receiver(OcpiClient(http, token, partner.token_encoding), urls[0], route)


class _Round:
    """The claims of one partner that are sent together."""

    def __init__(
        self, receiver: Receiver, shown: dict[int, ShownEvse], *, give_up_at: float
    ) -> None:
        self._receiver = receiver
        self._shown = shown
        self._give_up_at = give_up_at
        self._is_over = False

    def patch(self, claim: Claim) -> Outcome:
        """Tell of one EVSE, unless the partner has stopped answering."""
        shown = self._shown.get(claim.evse_id)
        if shown is None:
            return Outcome(claim, SendResult.POINTLESS, error=_NOT_SHARED)
        if self._is_over or time.monotonic() > self._give_up_at:
            return Outcome(claim, SendResult.NOT_TRIED, error=_NOT_TRIED)
        reply = self._receiver.patch_evse(shown, last_updated=claim.created_at)
        self._is_over |= reply.http_status is None
        return _outcome(claim, shown, reply)

    def put(self, content: dict[str, Any]) -> Reply:
        """Send a location that the partner does not know."""
        return self._receiver.put_location(content)

    def location_id(self, outcome: Outcome) -> int:
        """Return the location of the EVSE that an outcome is about."""
        location_id = self._shown[outcome.claim.evse_id].evse.station.location_id
        if location_id is None:
            raise ValueError("EVSE has no location, expected a shared one")
        return location_id

    def after_put(self, outcome: Outcome, replies: dict[int, Reply]) -> Outcome:
        """Return what became of a claim whose location was sent as a whole."""
        reply = replies.get(self.location_id(outcome))
        if reply is None:
            return outcome
        return _outcome(outcome.claim, self._shown[outcome.claim.evse_id], reply)


def _is_unknown(outcome: Outcome) -> bool:
    """Say whether the partner does not know the EVSE, however it puts that."""
    return outcome.http_status == 404 or outcome.ocpi_status == StatusCode.UNKNOWN_LOCATION


def _outcome(claim: Claim, shown: ShownEvse, reply: Reply) -> Outcome:
    result = SendResult.FAILED if reply.error else SendResult.ACKNOWLEDGED
    return Outcome(
        claim,
        SendResult.UNREACHABLE if reply.http_status is None else result,
        status=shown.status,
        published_at=shown.since,
        http_status=reply.http_status,
        ocpi_status=reply.code,
        error=reply.error,
    )
