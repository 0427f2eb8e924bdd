"""Who calls the API: knox tokens, found with one query, minus users whose access has ended."""

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from stations.middleware import address_of
from stations.models import User
from stations.services.attempts import TOKENS_PER_ADDRESS, count_attempt, is_blocked


class ApiTokenAuthentication(TokenAuthentication):
    """Reads `Authorization: Token <token>`; an address that keeps failing is not listened to."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        """Return the user and the token, or None where the request brings no token.

        Raises AuthenticationFailed, or Throttled before anything is looked up.
        """
        address = address_of(request)
        if request.headers.get("Authorization") and is_blocked(TOKENS_PER_ADDRESS, address):
            raise Throttled(TOKENS_PER_ADDRESS.seconds_left)
        try:
            found: tuple[User, AuthToken] | None = super().authenticate(request)
        except AuthenticationFailed:
            count_attempt(TOKENS_PER_ADDRESS, address)
            raise
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Return the user and the token, or raise AuthenticationFailed.

        The digest is the primary key, so that the lookup compares nothing that can be guessed.
        """
        now = timezone.now()
        digest = hash_token(token.decode("latin-1"))
        found = AuthToken.objects.select_related("user").filter(pk=digest).first()
        if found is None or (found.expiry is not None and found.expiry <= now):
            raise AuthenticationFailed("The token is unknown or has expired.")
        if not found.user.is_active or found.user.has_ended(now):
            raise AuthenticationFailed("The access of this user has ended.")
        return found.user, found
