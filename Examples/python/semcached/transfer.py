"""What both clients share: how calls are sent, and how long one may take."""

from __future__ import annotations

import logging
from typing import Any, TypeVar

import httpx

from .circuit import Circuit
from .operations import Operation

log = logging.getLogger("semcached")

Result = TypeVar("Result")

# A kept connection that the server closed just as it was used again: nothing was done, or it may be done again.
CONNECTION_ENDED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class Transfer:
    """Settings and state of a client; knows how to phrase calls for httpx."""

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None,
        namespace: str,
        deadline: float,
        connect_deadline: float,
        cool_down: float,
    ):
        self.namespace = namespace
        self._deadline = deadline
        self._connect_deadline = connect_deadline
        self._circuit = Circuit(cool_down)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        # Not by way of the proxies of the environment: the cache is a neighbor.
        self._settings: dict[str, Any] = {
            "base_url": url,
            "headers": {**headers, "User-Agent": "semcached-python/0.1.0"},
            "limits": httpx.Limits(max_connections=None, max_keepalive_connections=100),
            "trust_env": False,
        }

    def _admits(self, operation: Operation[Any]) -> bool:
        """Calls that may fail without harm stay away from a server that did not answer; the others ask it again."""
        return operation.failed is None or self._circuit.admits()

    def _arguments(self, operation: Operation[Any], content: bytes | None) -> dict[str, Any]:
        return {
            "method": operation.method,
            "url": operation.path,
            "content": content,
            "params": operation.params,
            "headers": {"Content-Type": "application/json", "Accept": operation.accept},
            "timeout": httpx.Timeout(self._limit(operation), connect=self._connect_deadline),
        }

    def _limit(self, operation: Operation[Any]) -> float:
        return self._deadline + operation.waits

    def _lost(self, operation: Operation[Result], error: Exception) -> Result:
        if self._circuit.failed():
            log.warning("semcached does not answer, requests go without it: %s", type(error).__name__)
        return operation.without_answer(error)


class Skipped(Exception):
    """Not tried: the server did not answer a moment ago."""

    def __init__(self) -> None:
        super().__init__("it did not answer a moment ago")
