"""Errors of the API as RFC 9457 problem details."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer `error` as {type, title, status, detail, errors?}; unknown errors stay a 500."""
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(_messages(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "The request has errors."
        body["errors"] = response.data
    elif isinstance(error, Http404 | PermissionDenied | exceptions.APIException):
        body["detail"] = str(getattr(error, "detail", error))
    response.data = body
    response.content_type = MEDIA_TYPE
    return response


def _messages(error: ValidationError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else error.messages
