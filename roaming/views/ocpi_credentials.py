"""OCPI 2.2.1 credentials: partners register, renew their tokens, and leave."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from roaming.domain.words import PartnerState
from roaming.ocpi.authentication import Caller
from roaming.ocpi.envelope import Answer, Refusal, StatusCode
from roaming.ocpi.handshake import answer_registration, answer_renewal
from roaming.ocpi.v221.credentials import credentials_json
from roaming.services.registration import RegistrationConflictError, end_registration
from roaming.views.ocpi_door import body_of, ocpi_door


@ocpi_door("GET", "POST", "PUT", "DELETE", is_functional=False)
def credentials(request: HttpRequest, caller: Caller) -> Answer:
    is_registered = caller.partner.state == PartnerState.REGISTERED
    if request.method == "GET":
        return _own(caller, caller.token)
    if (request.method == "POST") is is_registered:
        raise _not_allowed(is_registered=is_registered)
    try:
        return _METHODS[str(request.method)](request, caller)
    except RegistrationConflictError as error:
        raise _not_allowed(is_registered=not is_registered) from error


def _register(request: HttpRequest, caller: Caller) -> Answer:
    return _own(caller, answer_registration(caller.partner, body_of(request), now=timezone.now()))


def _renew(request: HttpRequest, caller: Caller) -> Answer:
    return _own(caller, answer_renewal(caller.partner, body_of(request), now=timezone.now()))


def _leave(request: HttpRequest, caller: Caller) -> Answer:
    end_registration(caller.partner, now=timezone.now())
    return Answer()


_METHODS: dict[str, Callable[[HttpRequest, Caller], Answer]] = {
    "POST": _register,
    "PUT": _renew,
    "DELETE": _leave,
}


def _own(caller: Caller, token: str) -> Answer:
    return Answer(credentials_json(caller.partner.operator, token=token))


def _not_allowed(*, is_registered: bool) -> Refusal:
    message = (
        "You are registered already: use PUT to renew."
        if is_registered
        else "You are not registered: use POST to register."
    )
    return Refusal(StatusCode.CLIENT_ERROR, message, http_status=405)
