"""The registration of OCPI, whoever starts it: versions, details, credentials."""

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from roaming.domain.peer import Endpoint, Peer
from roaming.gateway.client import HttpClient
from roaming.models import Partner
from roaming.ocpi.client import OcpiClient, Reply
from roaming.ocpi.envelope import Refusal, StatusCode
from roaming.ocpi.v221.credentials import (
    VERSION,
    WANTED,
    credentials_json,
    read_credentials,
    read_endpoints,
    read_versions,
)
from roaming.services.registration import (
    RegistrationConflictError,
    accept_registration,
    begin_registration,
    complete_registration,
    note_failure,
    renew_registration,
)
from roaming.services.tokens import new_token, outbound_token
from stations.models import Operator
from stations.services.secrets import SecretUnreadable

logger = logging.getLogger(__name__)

_CHANGED_MEANWHILE = "The partner was registered or removed by somebody else meanwhile."


class HandshakeError(Exception):
    """A partner could not be registered with; the message says why, for people."""

    def __init__(self, partner: Partner, message: str) -> None:
        super().__init__(message)
        self.partner = partner


def register_with(
    partner_name: str, versions_url: str, token_a: str, operator: Operator
) -> Partner:
    """Register with a partner that gave us its versions URL and a token; return it registered.

    Must not be called inside a transaction: the partner calls us back meanwhile. Raises
    HandshakeError; the partner is then kept as pending with its error, and may be tried again.
    """
    invitation = begin_registration(partner_name, versions_url, operator)
    partner = invitation.partner
    try:
        with HttpClient() as http:
            client = OcpiClient(http, token_a, partner.token_encoding)
            endpoints = fetch_endpoints(client, versions_url)
            content = credentials_json(operator, token=invitation.token)
            reply = client.request("POST", _credentials_url(endpoints), content)
        peer = replace(read_credentials(_data(reply)), endpoints=endpoints)
    except Refusal as refusal:
        note_failure(partner, str(refusal))
        raise HandshakeError(partner, str(refusal)) from refusal
    try:
        complete_registration(partner, peer, now=timezone.now())
    except RegistrationConflictError as error:
        raise HandshakeError(partner, _CHANGED_MEANWHILE) from error
    return partner


@transaction.atomic
def dismiss(partner: Partner) -> None:
    """Remove a partner; once that is for good it is told so, as far as it listens.

    What stands against telling it is logged: the partner is gone for us all the same.
    """
    farewell = partial(_say_farewell, partner, partner.pk)
    partner.delete()
    transaction.on_commit(farewell)


def _say_farewell(partner: Partner, partner_id: int) -> None:
    if not partner.outbound_secret:
        return
    try:
        token = outbound_token(partner)
        url = _credentials_url([Endpoint(**each) for each in partner.endpoints])
    except (SecretUnreadable, Refusal) as error:
        logger.warning("partner %s cannot be told that it was removed: %s", partner_id, error)
        return
    with HttpClient() as http:
        reply = OcpiClient(http, token, partner.token_encoding).request("DELETE", url)
    if reply.error:
        logger.warning("partner %s did not take note of its removal: %s", partner_id, reply.error)


def answer_registration(partner: Partner, content: object, *, now: datetime) -> str:
    """Register the partner that sends these credentials; return its token (C).

    Its versions and details are fetched meanwhile. Raises Refusal (2001, 3001, 3002, 3003) and
    RegistrationConflictError.
    """
    try:
        peer = _fetched_peer(partner, content)
    except Refusal as refusal:
        note_failure(partner, str(refusal))
        raise
    token = new_token()
    accept_registration(partner, peer, token=token, now=now)
    return token


def answer_renewal(partner: Partner, content: object, *, now: datetime) -> str:
    """Take the new credentials of a registered partner; return its new token.

    Raises as `answer_registration` does.
    """
    peer = _fetched_peer(partner, content)
    token = new_token()
    renew_registration(partner, peer, token=token, now=now)
    return token


def fetch_endpoints(client: OcpiClient, versions_url: str) -> list[Endpoint]:
    """Return the endpoints of the highest version that both speak.

    Raises Refusal: 3001 where the partner does not answer as it should, 3002, 3003.
    """
    versions = read_versions(_data(client.request("GET", versions_url)))
    if VERSION not in versions:
        offered = ", ".join(sorted(versions)) or "none"
        raise Refusal(
            StatusCode.UNSUPPORTED_VERSION, f"OCPI {VERSION} is needed, offered: {offered}."
        )
    endpoints = read_endpoints(_data(client.request("GET", versions[VERSION])))
    if not any((each.identifier, each.role) in WANTED for each in endpoints):
        raise Refusal(
            StatusCode.NO_MATCHING_ENDPOINTS, "There is no module that both platforms offer."
        )
    return list(endpoints)


def _fetched_peer(partner: Partner, content: object) -> Peer:
    peer = read_credentials(content)
    with HttpClient() as http:
        client = OcpiClient(http, peer.token, partner.token_encoding)
        return replace(peer, endpoints=fetch_endpoints(client, peer.versions_url))


def _data(reply: Reply) -> object:
    if reply.error:
        raise Refusal(StatusCode.CANNOT_USE_CLIENT, reply.error)
    return reply.data


def _credentials_url(endpoints: list[Endpoint]) -> str:
    for endpoint in endpoints:
        if endpoint.identifier == "credentials":
            return endpoint.url
    raise Refusal(StatusCode.NO_MATCHING_ENDPOINTS, "The partner has no credentials endpoint.")
