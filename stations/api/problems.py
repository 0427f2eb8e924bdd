"""Errors of the API as RFC 9457 problem details."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class Conflict(exceptions.APIException):
    """The request is sound, but not in the present state of things."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The request conflicts with the present state."


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer `error` as {type, title, status, detail, errors?}; unknown errors stay a 500."""
    error = _as_api_error(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response)
    response.content_type = MEDIA_TYPE
    return response


def _body(error: Exception, response: Response) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "The request has errors."
        body["errors"] = response.data
    elif isinstance(error, Http404):
        body["detail"] = "There is nothing at this address that you may see."
    elif isinstance(error, PermissionDenied | exceptions.APIException):
        body["detail"] = str(getattr(error, "detail", error)) or "You may not do this."
    return body


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(_messages(error))
    if isinstance(error, ProtectedError):
        users = sorted({str(row._meta.verbose_name) for row in error.protected_objects})
        return Conflict(f"It is still in use by: {', '.join(users)}. Remove or move those first.")
    if isinstance(error, IntegrityError):
        logger.warning("a constraint of the database refused a write of the API", exc_info=error)
        return Conflict("The request conflicts with another row, perhaps written just now.")
    return error


def _messages(error: ValidationError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else error.messages
