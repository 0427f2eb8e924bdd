"""Programs that call the API in tests."""

import itertools
from typing import Any

from rest_framework.test import APIClient

from stations.domain.roles import IntegratorGroup
from stations.models import Operator
from stations.services.integrators import create_token

_numbers = itertools.count(1)


class Caller(APIClient):
    """Sends JSON to resources by their path below /api/v1/."""

    def __init__(self, token: str = "") -> None:
        super().__init__()
        if token:
            self.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    def get(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return super().get(_below_api(path), data, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        body = {} if data is None else data
        return super().post(_below_api(path), body, format="json", **kwargs)

    def post_text(self, path: str, body: bytes, content_type: str = "application/json") -> Any:
        return super().post(_below_api(path), body, content_type=content_type)

    def patch(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        body = {} if data is None else data
        return super().patch(_below_api(path), body, format="json", **kwargs)

    def delete(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return super().delete(_below_api(path), data, format="json", **kwargs)


def _below_api(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def caller(group: IntegratorGroup = IntegratorGroup.FULL_API, *operators: Operator) -> Caller:
    """Return a program of the group; without operators one with full access sees all of them."""
    return Caller(create_token(f"program {next(_numbers)}", group=group, operators=operators))
