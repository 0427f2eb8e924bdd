"""A program that uses the back office through its addresses, with a token."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter

PAUSE_S = 0.02
TIMEOUT_S = 40


class Api:
    """Sends JSON; each method may be awaited, and many may be under way at once."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(pool_maxsize=32))
        self._session.headers["Authorization"] = f"Token {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    async def get(self, path: str, **query: Any) -> Any:
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, **values: Any) -> Any:
        return await self._ask("POST", path, json=values)

    async def patch(self, path: str, **values: Any) -> Any:
        return await self._ask("PATCH", path, json=values)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", path)

    async def list(self, path: str, **query: Any) -> list[Any]:
        """The first page."""
        results: list[Any] = (await self.get(path, **query))["results"]
        return results

    async def until(
        self, holds: Callable[[Any], object], path: str, *, within_s: float = 5.0, **query: Any
    ) -> Any:
        """Ask again and again until an answer pleases, and return it."""
        deadline_s = time.monotonic() + within_s
        while not holds(answer := await self.get(path, **query)):
            assert time.monotonic() < deadline_s, f"{path} still says {answer}"
            await asyncio.sleep(PAUSE_S)
        return answer

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        response = await asyncio.to_thread(
            self._session.request,
            method,
            f"{self.url}/{path}" if path.startswith("status/") else f"{self.url}/api/v1/{path}",
            timeout=TIMEOUT_S,
            **options,
        )
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None
