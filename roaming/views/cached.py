"""Answers that anybody may keep for a moment and ask for again cheaply."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

# A change is to be seen at once; this only spares us a crowd.
MAX_AGE_S = 5


def kept_for_a_moment(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Return the response with an ETag of its body, or 304 where the asker has that body."""
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return get_conditional_response(request, etag=etag, response=response) or response
