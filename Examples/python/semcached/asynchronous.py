"""The client for asyncio and trio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import anyio
import httpx

from . import operations
from .operations import NO_JSON, Answer, Operation
from .outcomes import Entry, Failed, Hit, Lookup, Miss, Store
from .transfer import CONNECTION_ENDED, Skipped, Transfer

Result = TypeVar("Result")


class AsyncSemcached(Transfer):
    """`Semcached` for coroutines; one is enough for all tasks of an event loop.

    `lookup`, `store` and `release` never raise because the cache failed, and never wait longer for it than
    `connect_deadline` and `deadline` seconds (and `wait_ms`, if the call says so and somebody else is filling). After a
    call that got no answer they do not try again for `cool_down` seconds. What administers the cache raises
    `SemcachedError`.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:9470",
        *,
        api_key: str | None = None,
        namespace: str = "default",
        deadline: float = 1.0,
        connect_deadline: float = 0.5,
        cool_down: float = 1.0,
    ):
        super().__init__(
            url,
            api_key=api_key,
            namespace=namespace,
            deadline=deadline,
            connect_deadline=connect_deadline,
            cool_down=cool_down,
        )
        self._http = httpx.AsyncClient(**self._settings)

    async def lookup(
        self,
        request: Mapping[str, Any],
        *,
        endpoint: str = "chat.completions",
        namespace: str | None = None,
        replay: bool = False,
        **cache: Any,
    ) -> Lookup:
        """Asks for an answer to an upstream request.

        `cache` are the options of the interface: `ttl=60`, `wait_ms=30_000`, `tags=["docs"]`, `**{"no-cache": True}`.
        With `replay`, a hit on a request with `"stream": true` comes as the events of a stream.
        """
        asked = (namespace or self.namespace, endpoint, request)
        at_once = operations.at_once(cache)
        if at_once is not None:
            # A server that does not answer is found out within the deadline; only another's fill is waited for.
            found = await self._run(operations.lookup(*asked, at_once, replay))
            if not operations.is_held(found):
                return found
        return await self._run(operations.lookup(*asked, cache, replay))

    async def store(self, ticket: str, response: Any = None, *, events: Sequence[str] | None = None) -> Store:
        """Hands in the answer to a miss: whole, or as the data payloads of its stream in order."""
        return await self._run(operations.store(ticket=ticket, response=response, events=events))

    async def put(
        self,
        request: Mapping[str, Any],
        response: Any = None,
        *,
        events: Sequence[str] | None = None,
        endpoint: str = "chat.completions",
        namespace: str | None = None,
        **options: Any,
    ) -> Store:
        """Stores an answer that no lookup asked for; `ttl` and `tags` may be given."""
        fill = {"namespace": namespace or self.namespace, "endpoint": endpoint, "request": request, **options}
        return await self._run(operations.store(ticket=None, response=response, events=events, fill=fill))

    async def release(self, ticket: str) -> bool:
        """Gives the lease of a miss up: whoever waits for it may call the upstream at once."""
        return await self._run(operations.release(ticket))

    async def get_or_fill(
        self,
        request: Mapping[str, Any],
        call: Callable[[], Awaitable[Any]],
        *,
        endpoint: str = "chat.completions",
        namespace: str | None = None,
        **cache: Any,
    ) -> Any:
        """Returns the stored answer, or what `call` returns, a JSON value, which is stored.

        Equal requests that arrive meanwhile, here or elsewhere, wait for this one call (`wait_ms`, 30 seconds). What
        `call` raises is passed on, and the next who waits calls.
        """
        found = await self.lookup(request, endpoint=endpoint, namespace=namespace, **{"wait_ms": 30_000, **cache})
        if isinstance(found, Hit):
            return found.response
        ticket = found.ticket if isinstance(found, Miss) else None
        if ticket is None:
            return await call()
        settled = False
        try:
            response = await call()
            settled = not isinstance(await self.store(ticket, response), Failed)
            return response
        finally:
            if not settled:
                with anyio.CancelScope(shield=True):
                    await self.release(ticket)

    async def feedback(self, entry_id: str, verdict: str, *, namespace: str | None = None, request: Any = None) -> None:
        """Says whether a hit was `right` or `wrong`; with what was asked, a wrong pair is not served again."""
        await self._run(operations.feedback(namespace or self.namespace, entry_id, verdict, request))

    async def flush(
        self,
        *,
        namespace: str | None = None,
        model: str | None = None,
        tags: Sequence[str] = (),
        all: bool = False,
        dry_run: bool = False,
    ) -> int:
        """Removes what the selectors match (there is no default for them); returns how many entries that were."""
        selectors = {"namespace": namespace, "model": model, "tags": list(tags), "all": all}
        return await self._run(operations.flush(selectors, dry_run))

    async def explain(
        self,
        request: Mapping[str, Any],
        *,
        endpoint: str = "chat.completions",
        namespace: str | None = None,
        **cache: Any,
    ) -> dict[str, Any]:
        """Why a lookup would hit or miss."""
        return await self._run(operations.explain(namespace or self.namespace, endpoint, request, cache))

    async def stats(self, *, namespace: str | None = None, window: str = "1h") -> dict[str, Any]:
        """Figures of all replicas together; all namespaces unless one is named."""
        return await self._run(operations.stats(namespace, window))

    async def is_ready(self) -> bool:
        """Whether the server, its Redis and its index are ready."""
        return await self._run(operations.ready())

    async def entry(self, entry_id: str, *, namespace: str | None = None) -> Entry:
        """An entry with its request and response."""
        return await self._run(operations.entry(namespace or self.namespace, entry_id))

    async def entries(
        self, *, namespace: str | None = None, model: str | None = None, tag: str | None = None, page: int = 1000
    ) -> AsyncIterator[Entry]:
        """All entries that match, fetched as they are consumed, `page` at a time."""
        cursor = None
        while True:
            found, cursor = await self._run(operations.entries(namespace or self.namespace, model, tag, page, cursor))
            for each in found:
                yield each
            if cursor is None:
                return

    async def delete_entry(self, entry_id: str, *, namespace: str | None = None) -> None:
        """Removes an entry; one that is not there is a `SemcachedError` with the code `not_found`."""
        await self._run(operations.delete_entry(namespace or self.namespace, entry_id))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> AsyncSemcached:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self, operation: Operation[Result]) -> Result:
        try:
            content = operation.content()
        except NO_JSON as error:
            return operation.unsendable(error)
        if not self._admits(operation):
            return operation.without_answer(Skipped())
        try:
            with anyio.fail_after(self._connect_deadline + self._limit(operation)):
                answer = await self._send(operation, content)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            return self._lost(operation, error)
        self._circuit.succeeded()
        return operation.result(answer)

    async def _send(self, operation: Operation[Any], content: bytes | None) -> Answer:
        arguments = self._arguments(operation, content)
        try:
            response = await self._http.request(**arguments)
        except CONNECTION_ENDED:
            response = await self._http.request(**arguments)
        return Answer(response.status_code, response.headers, response.content)
