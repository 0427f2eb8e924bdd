"""The frame of every OCPI door: who calls, which methods, and the envelope of the answer."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from roaming.domain.peer import Party
from roaming.models import Partner
from roaming.ocpi.authentication import Caller, authenticate
from roaming.ocpi.envelope import Answer, Refusal, StatusCode, UnstorableError, decoded, sealed
from roaming.ocpi.headers import answering_route, echoed_ids
from roaming.services.contacts import note_contact
from roaming.services.registration import forget_previous_token

logger = logging.getLogger(__name__)

Door = Callable[..., Answer]
View = Callable[..., HttpResponse]

# How exactly it is kept when a partner was last heard of; each note is a write.
_CONTACT_PRECISION = timedelta(minutes=1)


def ocpi_door(*methods: str, is_functional: bool) -> Callable[[Door], View]:
    """Make a view of `door(request, caller, …)`.

    Functional doors (all but versions and credentials) turn registration tokens away and carry
    routing headers.
    """

    def decorate(door: Door) -> View:
        @csrf_exempt
        @wraps(door)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            now = timezone.now()
            headers = echoed_ids(request.headers)
            try:
                caller = _admitted(request, is_functional=is_functional, now=now)
                if is_functional:
                    headers |= _routing(request, caller.partner)
                answer = _answer(door, request, caller, methods, arguments)
            except Refusal as refusal:
                answer = _refused(refusal)
            return _response(answer, headers, now=now)

        return view

    return decorate


def body_of(request: HttpRequest) -> Any:
    """Return the decoded body. Raises Refusal: HTTP 400 where it is no JSON, 2001 for bad text."""
    try:
        return decoded(request.body)
    except UnstorableError as error:
        raise Refusal(StatusCode.INVALID_PARAMETERS, f"The {error}.") from error
    except ValueError as error:
        raise Refusal(StatusCode.CLIENT_ERROR, "The body is not JSON.", http_status=400) from error


def _admitted(request: HttpRequest, *, is_functional: bool, now: datetime) -> Caller:
    caller = authenticate(request.headers.get("Authorization", ""))
    if caller.is_registering:
        if is_functional:
            raise Refusal(
                StatusCode.CLIENT_ERROR,
                "A registration token opens versions and credentials only.",
                http_status=401,
            )
        return caller
    partner = caller.partner
    if partner.registration_digest and partner.inbound_digest == caller.digest:
        forget_previous_token(partner)
    if partner.last_contact_at is None or now - partner.last_contact_at > _CONTACT_PRECISION:
        note_contact(partner, now=now)
    return caller


def _routing(request: HttpRequest, partner: Partner) -> dict[str, str]:
    operator = partner.operator
    us = Party(operator.country_code, operator.party_id)
    them = Party(partner.country_code, partner.party_id)
    return answering_route(request.headers, us=us, them=them).as_headers()


def _answer(
    door: Door,
    request: HttpRequest,
    caller: Caller,
    methods: tuple[str, ...],
    arguments: dict[str, Any],
) -> Answer:
    if request.method not in methods:
        return Answer(
            code=StatusCode.CLIENT_ERROR,
            message=f"{request.method} is not allowed here.",
            http_status=405,
            headers={"Allow": ", ".join(methods)},
        )
    try:
        return door(request, caller, **arguments)
    except Refusal:
        raise
    except Exception:
        logger.exception("OCPI request of partner %s failed", caller.partner.pk)
        return Answer(
            code=StatusCode.SERVER_ERROR, message="Something went wrong.", http_status=500
        )


def _refused(refusal: Refusal) -> Answer:
    headers = {"WWW-Authenticate": "Token"} if refusal.http_status == 401 else {}
    return Answer(
        code=refusal.code,
        message=str(refusal),
        http_status=refusal.http_status,
        headers=headers,
    )


def _response(answer: Answer, headers: dict[str, str], *, now: datetime) -> HttpResponse:
    return HttpResponse(
        sealed(answer, now=now),
        content_type="application/json",
        status=answer.http_status,
        headers={"Cache-Control": "no-store", **headers, **answer.headers},
    )
