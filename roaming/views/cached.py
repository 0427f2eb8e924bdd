"""Answers that anybody may keep for a moment and ask for again cheaply."""

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

# A change is to be seen at once; this only spares us a crowd.
MAX_AGE_S = 1
# A shared body that is older is built anew; one that is quickly built is sooner.
FRESH_S = 0.5
_FRESH_BUILDS = 4
# The fastest level: a body is asked for a few times only before the next one is built.
_GZIP_LEVEL = 1
_GZIP_FROM_BYTES = 1400


def kept_for_a_moment(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Return the response with an ETag of its body, or 304 where the asker has that body."""
    return _unless_had(request, response, _tag(response.content))


def _tag(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def _unless_had(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponseBase:
    etag = f'"{tag}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return get_conditional_response(request, etag=etag, response=response) or response


@dataclass(frozen=True)
class _Body:
    content: bytes
    fresh_until: float

    @cached_property
    def tag(self) -> str:
        return _tag(self.content)

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.content, _GZIP_LEVEL, mtime=0)


class SharedBody:
    """A body that is costly to build: all requests share it, and one at a time builds it anew."""

    def __init__(self, build: Callable[[], bytes]) -> None:
        self._build = build
        self._guard = threading.Lock()
        self._body: _Body | None = None

    def answer(self, request: HttpRequest, *, content_type: str) -> HttpResponseBase:
        """Return the body as it was at most 0.5 s before the request came."""
        asked_at = time.monotonic()
        is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
        with self._guard:
            body = self._fresh(asked_at)
            is_compressed &= len(body.content) >= _GZIP_FROM_BYTES
            content = body.compressed if is_compressed else body.content
            tag = f"{body.tag}-gzip" if is_compressed else body.tag
        response = HttpResponse(content, content_type=content_type)
        if is_compressed:
            response["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ["Accept-Encoding"])
        return _unless_had(request, response, tag)

    def _fresh(self, asked_at: float) -> _Body:
        if self._body is None or asked_at > self._body.fresh_until:
            begun_at = time.monotonic()
            self._body = None  # two bodies at a time are one too many to keep
            content = self._build()
            took_s = time.monotonic() - begun_at
            self._body = _Body(content, begun_at + min(FRESH_S, took_s * _FRESH_BUILDS))
        return self._body
