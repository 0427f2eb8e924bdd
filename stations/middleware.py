"""What a request takes from its user: language, time zone, and who is named in the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from stations.models import User

Handler = Callable[[HttpRequest], HttpResponse]


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
