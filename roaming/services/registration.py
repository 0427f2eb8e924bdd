"""Partners join and leave: what a handshake writes.

The conversation itself is the protocol's: for OCPI see `roaming.ocpi.handshake.register_with`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from roaming.domain.peer import Peer
from roaming.domain.words import DeliveryState, PartnerState
from roaming.models import Delivery, Partner
from roaming.services.tokens import digest, new_token
from stations.models import Operator
from stations.services.secrets import seal

_LONGEST_ERROR = 500


class RegistrationConflictError(Exception):
    """The partner's registration is not, or no longer, what the request took it to be."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a partner needs to register with us: `token` is shown once and then forgotten."""

    partner: Partner
    token: str


def invite_partner(name: str, operator: Operator) -> Invitation:
    """Make a pending partner and its registration token (token A)."""
    token = new_token()
    partner = Partner.objects.create(
        name=name, operator=operator, registration_digest=digest(token)
    )
    return Invitation(partner, token)


def begin_registration(name: str, versions_url: str, operator: Operator) -> Invitation:
    """Return a pending partner and the token that it shall use (token B), already in force.

    The partner calls us with it before it answers our POST. A failed attempt is taken up again.
    """
    token = new_token()
    with transaction.atomic():
        partner = (
            Partner.objects.select_for_update()
            .filter(operator=operator, versions_url=versions_url, state=PartnerState.PENDING)
            .first()
        ) or Partner(operator=operator, versions_url=versions_url)
        partner.name = name
        partner.inbound_digest = digest(token)
        partner.save()
    return Invitation(partner, token)


def note_failure(partner: Partner, error: str) -> None:
    """Keep why a handshake failed; the token that was made for it dies."""
    Partner.objects.filter(pk=partner.pk, state=PartnerState.PENDING).update(
        inbound_digest=None, last_error=error[:_LONGEST_ERROR]
    )


def complete_registration(partner: Partner, peer: Peer, *, now: datetime) -> None:
    """Register a partner that answered our handshake.

    Raises RegistrationConflictError where its state has changed meanwhile.
    """
    with transaction.atomic():
        _lock(partner, state=PartnerState.PENDING)
        partner.registration_digest = None
        _store(partner, peer, now=now)


def accept_registration(partner: Partner, peer: Peer, *, token: str, now: datetime) -> None:
    """Register a partner that came with a registration token, which dies; `token` is for it (C).

    Raises RegistrationConflictError where it registered meanwhile.
    """
    with transaction.atomic():
        _lock(partner, state=PartnerState.PENDING)
        partner.registration_digest = None
        partner.inbound_digest = digest(token)
        _store(partner, peer, now=now)


def renew_registration(partner: Partner, peer: Peer, *, token: str, now: datetime) -> None:
    """Store a registered partner anew and give it another token.

    The token of before stays good until the new one is used: its answer may get lost.
    Raises RegistrationConflictError where it was renewed or ended meanwhile.
    """
    with transaction.atomic():
        _lock(partner, state=PartnerState.REGISTERED)
        partner.registration_digest = partner.inbound_digest
        partner.inbound_digest = digest(token)
        _store(partner, peer, now=now)


def forget_previous_token(partner: Partner) -> None:
    """Let the token of before a renewal die: the partner has used the new one."""
    Partner.objects.filter(pk=partner.pk, inbound_digest=partner.inbound_digest).update(
        registration_digest=None
    )
    partner.registration_digest = None


def end_registration(partner: Partner, *, now: datetime) -> None:
    """Take a partner's access away, and with it ours: both tokens die, nothing more is sent."""
    with transaction.atomic():
        _lock(partner, state=PartnerState.REGISTERED)
        partner.state = PartnerState.PENDING
        partner.inbound_digest = None
        partner.registration_digest = None
        partner.outbound_secret = ""
        partner.endpoints = []
        partner.registered_at = None
        partner.save()
        Delivery.objects.filter(partner=partner, state=DeliveryState.PENDING).update(
            state=DeliveryState.DEAD, settled_at=now, error="The partner ended its registration."
        )


def _lock(partner: Partner, *, state: PartnerState) -> None:
    """Hold the row for the transaction, if its tokens are still those of the request."""
    expected = (state, partner.inbound_digest, partner.registration_digest)
    try:
        partner.refresh_from_db(from_queryset=Partner.objects.select_for_update())
    except Partner.DoesNotExist as error:
        raise RegistrationConflictError(f"partner {partner.pk} is gone, not {state}") from error
    if (partner.state, partner.inbound_digest, partner.registration_digest) != expected:
        raise RegistrationConflictError(f"partner {partner.pk} is {partner.state}, not {state}")


def _store(partner: Partner, peer: Peer, *, now: datetime) -> None:
    partner.state = PartnerState.REGISTERED
    partner.version = peer.version
    partner.versions_url = peer.versions_url
    partner.country_code = peer.party.country_code
    partner.party_id = peer.party.party_id
    partner.roles = list(peer.roles)
    partner.endpoints = [asdict(endpoint) for endpoint in peer.endpoints]
    partner.outbound_secret = seal(peer.token)
    partner.registered_at = now
    partner.last_contact_at = now
    partner.last_error = ""
    partner.save()
