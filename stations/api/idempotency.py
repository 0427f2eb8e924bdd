"""The header `Idempotency-Key` on POST: a repeat gets the first answer and does nothing."""

from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations.api.parsers import BodyTooLarge
from stations.api.problems import MEDIA_TYPE, Conflict
from stations.api.renderers import JSONRenderer
from stations.models import IdempotencyKey, User
from stations.services.idempotency import (
    FirstAnswer,
    FirstRequestUnfinished,
    KeyUsedDifferently,
    claim_key,
    keep_answer,
    release_key,
    request_digest,
)

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255


class KeyMismatch(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This idempotency key was used for another request. Send a new key."


class AnsweredBefore(Exception):  # noqa: N818 - carries an answer, not a mistake
    """Ends a request early with the answer of its first sending."""

    def __init__(self, answer: FirstAnswer) -> None:
        super().__init__()
        self.answer = answer


class IdempotentPosts(APIView):
    """Claims the key once the request is authenticated, and keeps the answer when it is made."""

    claimed: IdempotencyKey | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if request.method == "POST" and key is not None:
            self.claimed = _claim(request, key)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, AnsweredBefore):
            return _replay(exc.answer)
        try:
            response: Response = super().handle_exception(exc)
        except Exception:
            self._release()
            raise
        return response

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if self.claimed is not None:
            self._settle(self.claimed, final)
        return final

    def _settle(self, claimed: IdempotencyKey, response: Response) -> None:
        if response.status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
            self._release()
        else:
            body = JSONRenderer().render(response.data)
            keep_answer(claimed, status_code=response.status_code, body=body)

    def _release(self) -> None:
        if self.claimed is not None:
            release_key(self.claimed)
            self.claimed = None


def _claim(request: Request, key: str) -> IdempotencyKey:
    if not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise exceptions.ValidationError(
            {HEADER: [f"Send 1 to {MAX_KEY_LENGTH} printable ASCII characters."]}
        )
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - permissions have refused anonymous callers
    digest = request_digest([request.get_full_path().encode(), _body(request)])
    try:
        found = claim_key(user, key, digest, now=timezone.now())
    except KeyUsedDifferently as error:
        raise KeyMismatch from error
    except FirstRequestUnfinished as error:
        raise Conflict(
            "The first request with this idempotency key has not ended. Try again later; if it "
            "stays so, the request was cut off: look at what it did, and send a new key."
        ) from error
    if isinstance(found, FirstAnswer):
        raise AnsweredBefore(found)
    return found


def _body(request: Request) -> bytes:
    try:
        return bytes(request.body)
    except RequestDataTooBig as error:
        raise BodyTooLarge from error


def _replay(answer: FirstAnswer) -> Response:
    data = orjson.loads(answer.body) if answer.body else None
    response = Response(data, status=answer.status_code, headers={"Idempotent-Replayed": "true"})
    if answer.status_code >= status.HTTP_400_BAD_REQUEST:
        response.content_type = MEDIA_TYPE
    return response
