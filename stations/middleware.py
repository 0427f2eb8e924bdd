"""What a request takes from its user, and what is refused before anything looks at it."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stations.domain.addresses import client_address
from stations.models import User
from stations.services.attempts import (
    SIGN_INS_PER_ADDRESS,
    SIGN_INS_PER_NAME,
    count_attempt,
    forgive_attempt,
)

Handler = Callable[[HttpRequest], HttpResponse]
NUL_REFUSED = "An address holds no NUL characters."


class NulMiddleware:
    """Refuses NUL in path and query: PostgreSQL stores none, so nothing can be found by it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\0" not in request.path and b"\0" not in query:
            return self.get_response(request)
        if not request.path.startswith("/api/"):
            return HttpResponse(NUL_REFUSED, status=400, content_type="text/plain")
        body = {"type": "about:blank", "title": "Bad Request", "status": 400}
        return JsonResponse(
            body | {"detail": NUL_REFUSED}, status=400, content_type="application/problem+json"
        )


class PersonalSettingsMiddleware:
    """Shows pages in the user's language and time zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        with timezone.override(user.time_zone), translation.override(user.language):
            request.LANGUAGE_CODE = user.language
            return self.get_response(request)


class SignInLimitMiddleware:
    """Ends the guessing of passwords, before one is hashed: a hash costs more than the guess."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path != resolve_url(settings.LOGIN_URL):
            return self.get_response(request)
        counted = (
            (SIGN_INS_PER_NAME, request.POST.get("username", "").casefold()),
            (SIGN_INS_PER_ADDRESS, address_of(request)),
        )
        within = [count_attempt(limit, who) for limit, who in counted]  # both are counted
        if not all(within):
            return _too_many(SIGN_INS_PER_NAME.seconds_left)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FOUND and request.user.is_authenticated:
            for limit, who in counted:
                forgive_attempt(limit, who)
        return response


def address_of(request: HttpRequest) -> str:
    """Return the address that the request came from, also behind a proxy of ours."""
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        is_proxied=settings.PROXIED,
    )


def _too_many(wait_s: int) -> HttpResponse:
    text = _("Too many failed sign-ins. Wait %(minutes)d minutes, then try again.")
    response = HttpResponse(
        text % {"minutes": -(-wait_s // 60)}, status=429, content_type="text/plain; charset=utf-8"
    )
    response["Retry-After"] = str(wait_s)
    return response
