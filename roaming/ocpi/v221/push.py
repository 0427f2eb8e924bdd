"""Tells a partner of changed EVSEs: PATCH at its Locations module (OCPI 2.2.1, receiver)."""

import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from roaming.domain.peer import Party
from roaming.domain.words import SendResult
from roaming.gateway.client import HttpClient
from roaming.models import Partner, ToldEvse
from roaming.ocpi.client import OcpiClient, Reply
from roaming.ocpi.envelope import StatusCode
from roaming.ocpi.headers import Route
from roaming.ocpi.v221.locations import evse_change_json, location_json, removed_evse_json
from roaming.selectors.evses import ShownEvse, by_location, load_shown, shared
from roaming.selectors.locations import shared_locations
from roaming.services.outbox import Claim, Outcome
from roaming.services.tokens import outbound_token
from scheduling.domain.statuses import PublicStatus
from stations.services.secrets import SecretUnreadable

# So many EVSEs of one partner are under way at the same time.
PARALLEL = 8
# What is not begun by then waits for the next round: a claim's lease must outlast every request.
ROUND_S = 10
_NOT_SHARED = "The EVSE is not shared with partners any more."
_NOT_TRIED = "The partner took too long for other EVSEs; this one waits."


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """Where a partner shows an EVSE."""

    uid: UUID
    location_id: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """The Locations module of a partner."""

    client: OcpiClient
    url: str
    route: Route

    def patch_evse(self, shown: ShownEvse) -> Reply:
        """Send the status and the schedule of an EVSE."""
        content = evse_change_json(shown)
        address = self._address(str(shown.evse.station.location_id), str(shown.evse.uid))
        return self.client.request("PATCH", address, content, route=self.route)

    def remove_evse(self, told: ToldPlace, *, at: datetime) -> Reply:
        """Let an EVSE end at the location where the partner shows it, known there or not."""
        address = self._address(str(told.location_id), str(told.uid))
        reply = self.client.request("PATCH", address, removed_evse_json(at), route=self.route)
        return replace(reply, error="") if _knows_nothing(reply) else reply

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

    Where the partner shows an EVSE that is not, or not any more, at a published location, it is
    told that it is removed there. A location that the partner does not know is sent as a whole.
    Four queries, and four more where there are such locations; no HTTP inside a transaction.
    """
    with HttpClient(connections=PARALLEL) as http, ThreadPoolExecutor(PARALLEL) as pool:
        receiver = _receiver(partner, http)
        if isinstance(receiver, str):
            return [Outcome(each, SendResult.FAILED, error=receiver) for each in claims]
        condition = Q(pk__in=[each.evse_id for each in claims]) & shared() & _published()
        shown = {each.evse.pk: each for each in load_shown(condition, now=timezone.now())}
        told = _told_places(partner, claims)
        round_ = _Round(receiver, shown, told, give_up_at=time.monotonic() + ROUND_S)
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


def _told_places(partner: Partner, claims: Sequence[Claim]) -> dict[int, ToldPlace]:
    rows = ToldEvse.objects.filter(partner=partner, evse__in=[each.evse_id for each in claims])
    found = rows.values_list("evse_id", "evse__uid", "location_id")
    return {evse_id: ToldPlace(uid, location_id) for evse_id, uid, location_id in found}


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
        self,
        receiver: Receiver,
        shown: dict[int, ShownEvse],
        told: dict[int, ToldPlace],
        *,
        give_up_at: float,
    ) -> None:
        self._receiver = receiver
        self._shown = shown
        self._told = told
        self._give_up_at = give_up_at
        self._is_over = False

    def patch(self, claim: Claim) -> Outcome:
        """Tell of one EVSE, unless the partner has stopped answering."""
        shown, told = self._shown.get(claim.evse_id), self._told.get(claim.evse_id)
        if shown is None and told is None:
            return Outcome(claim, SendResult.POINTLESS, error=_NOT_SHARED)
        if self._is_over or time.monotonic() > self._give_up_at:
            return Outcome(claim, SendResult.NOT_TRIED, error=_NOT_TRIED)
        if told is not None and (shown is None or told.location_id != _location_id(shown)):
            removal = self._noted(self._receiver.remove_evse(told, at=claim.created_at))
            if shown is None or removal.error:
                return _outcome(claim, None, removal)
        return self._patch_shown(claim, self._shown[claim.evse_id])

    def _patch_shown(self, claim: Claim, shown: ShownEvse) -> Outcome:
        reply = self._noted(self._receiver.patch_evse(shown))
        return _outcome(claim, shown, reply)

    def _noted(self, reply: Reply) -> Reply:
        self._is_over |= reply.http_status is None
        return reply

    def put(self, content: dict[str, Any]) -> Reply:
        """Send a location that the partner does not know."""
        return self._receiver.put_location(content)

    def location_id(self, outcome: Outcome) -> int:
        """Return the location of the EVSE that an outcome is about."""
        return _location_id(self._shown[outcome.claim.evse_id])

    def after_put(self, outcome: Outcome, replies: dict[int, Reply]) -> Outcome:
        """Return what became of a claim whose location was sent as a whole."""
        reply = replies.get(self.location_id(outcome))
        if reply is None:
            return outcome
        return _outcome(outcome.claim, self._shown[outcome.claim.evse_id], reply)


def _location_id(shown: ShownEvse) -> int:
    location_id = shown.evse.station.location_id
    if location_id is None:
        raise ValueError("EVSE has no location, expected a shared one")
    return location_id


def _knows_nothing(reply: Reply) -> bool:
    """Say whether the partner does not know what a request is about, however it puts that."""
    return reply.http_status == 404 or reply.code == StatusCode.UNKNOWN_LOCATION


def _is_unknown(outcome: Outcome) -> bool:
    """Say whether the EVSE must be told with its whole location."""
    is_unknown = outcome.http_status == 404 or outcome.ocpi_status == StatusCode.UNKNOWN_LOCATION
    return is_unknown and outcome.result is SendResult.FAILED


def _outcome(claim: Claim, shown: ShownEvse | None, reply: Reply) -> Outcome:
    """Return what became of a claim; `shown` None: the EVSE was removed."""
    result = SendResult.FAILED if reply.error else SendResult.ACKNOWLEDGED
    return Outcome(
        claim,
        SendResult.UNREACHABLE if reply.http_status is None else result,
        status=shown.status if shown is not None else PublicStatus.REMOVED,
        location_id=_location_id(shown) if shown is not None else None,
        published_at=shown.since if shown is not None else None,
        http_status=reply.http_status,
        ocpi_status=reply.code,
        error=reply.error,
    )
