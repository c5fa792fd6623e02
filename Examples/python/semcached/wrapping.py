"""Puts the cache below the SDK of a model provider: what the SDK sends is looked up first, what it receives is stored.

The SDK's own HTTP client gets a transport that answers hits itself. So whatever the SDK makes of an answer, it makes of
a hit as well: typed responses, streams of typed chunks, raw responses, its errors and its retries.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

import anyio

from .asynchronous import AsyncSemcached
from .client import Semcached
from .operations import CACHE_OPTIONS
from .outcomes import Bypass, Failed, Hit, Miss
from .recording import Recording

Client = TypeVar("Client")

ENDPOINTS = {
    "/chat/completions": "chat.completions",
    "/completions": "completions",
    "/responses": "responses",
    "/messages": "messages",
    "/embeddings": "embeddings",
}
# They describe the bytes that came from the upstream, not those that are handed on.
OF_THE_BYTES = frozenset({"content-encoding", "content-length", "transfer-encoding"})

# Headers that have the upstream answer otherwise, or as somebody else's project. Keys are none of them.
THAT_COUNT = ("anthropic-beta", "anthropic-version", "openai-beta", "openai-organization", "openai-project")
# Parameters of a query that are credentials.
CREDENTIALS = frozenset({"key", "api_key", "api-key", "apikey", "access_token", "token", "sig", "signature"})


def wrap(
    client: Client,
    cache: Semcached | AsyncSemcached,
    *,
    namespace: str | None = None,
    **options: Any,
) -> Client:
    """Returns a copy of an `openai` or `anthropic` client that asks `cache` before it calls.

    An asynchronous client takes an `AsyncSemcached`. `options` are those of a lookup and hold for every call;
    `extra_body={"cache": {...}}` gives some for one call, `namespace` among them, and `{"cache": False}` leaves the
    cache out. They go no further than the cache. Equal calls wait for each other (`wait_ms`, 30 seconds). A hit carries
    the headers `Cache-Status` and `X-Semcached-Entry`; a stream that is given up before its end is not stored.

    Only calls to one upstream are equal: `upstream_of` the call is looked up with the body, as its member `upstream`.
    """
    inner = client._client  # type: ignore[attr-defined]
    flavor = _flavor(inner)
    asynchronous = isinstance(inner, flavor.AsyncClient)
    if asynchronous != isinstance(cache, AsyncSemcached):
        wanted = "an AsyncSemcached" if asynchronous else "a Semcached"
        raise TypeError(f"{type(client).__name__} takes {wanted}, not {type(cache).__name__}")
    rules = _Rules(flavor, namespace or cache.namespace, {"wait_ms": 30_000, **options})
    if asynchronous:
        outer = flavor.AsyncClient(transport=_classes(flavor).async_transport(inner, cache, rules))
    else:
        outer = flavor.Client(transport=_classes(flavor).transport(inner, cache, rules))
    wrapped: Client = client.with_options(http_client=outer)  # type: ignore[attr-defined]
    return wrapped


def upstream_of(request: Any, suffix: str, own: Any = None) -> str:
    """A digest of who is asked, and how, beyond the body: the same model elsewhere is another one.

    `own` is a member `upstream` that the body has itself.
    """
    url = request.url
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    query = sorted(pair for pair in url.params.multi_items() if pair[0].lower() not in CREDENTIALS)
    headers = [(name, request.headers[name]) for name in THAT_COUNT if name in request.headers]
    who = [url.host, port, url.path.removesuffix(suffix), query, headers, own]
    return hashlib.sha256(json.dumps(who, sort_keys=True).encode()).hexdigest()[:16]


def _flavor(inner: Any) -> ModuleType:
    """The package that the SDK does HTTP with."""
    for kind in type(inner).__mro__:
        package = kind.__module__.split(".")[0]
        if package in ("httpx", "httpx2"):
            return importlib.import_module(package)
    raise TypeError(f"the HTTP client of the SDK, a {type(inner).__name__}, is none of httpx")


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the SDK that the cache can know something about."""

    endpoint: str
    request: Mapping[str, Any]
    namespace: str
    options: Mapping[str, Any]

    @property
    def arguments(self) -> dict[str, Any]:
        return {"endpoint": self.endpoint, "namespace": self.namespace, "replay": True, **self.options}


class _Rules:
    """Which calls are looked up, and how answers look in one flavor of httpx. Does no I/O."""

    def __init__(self, flavor: ModuleType, namespace: str, options: Mapping[str, Any]):
        self.flavor = flavor
        self.namespace = namespace
        self.options = options

    def read(self, request: Any) -> tuple[_Call | None, Any]:
        """The call, None if it is not to be looked up; and the request without the options of the cache."""
        path = request.url.path
        suffix = next((suffix for suffix in ENDPOINTS if path.endswith(suffix)), None)
        if request.method != "POST" or suffix is None:
            return None, request
        try:
            body = json.loads(request.content)
        except (ValueError, RecursionError):
            return None, request
        if not isinstance(body, dict):
            return None, request
        chosen: Any = {}
        if "cache" in body:
            chosen = body.pop("cache")
            request = self._with_body(request, body)
        if not isinstance(chosen, dict):
            return None, request
        namespace = chosen.get("namespace") or self.namespace
        own = {name: value for name, value in chosen.items() if name in CACHE_OPTIONS}
        asked = {**body, "upstream": upstream_of(request, suffix, body.get("upstream"))}
        return _Call(ENDPOINTS[suffix], asked, namespace, {**self.options, **own}), request

    def _with_body(self, request: Any, body: Mapping[str, Any]) -> Any:
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"content-length"]
        content = json.dumps(body).encode()
        return self.flavor.Request(
            request.method, request.url, headers=headers, content=content, extensions=request.extensions
        )

    def hit(self, found: Hit) -> Any:
        passed_on = ("cache-status", "age", "x-semcached-entry", "x-semcached-tier", "x-semcached-similarity")
        headers = {name: found.headers[name] for name in passed_on if name in found.headers}
        replayed = found.replay is not None
        headers["content-type"] = "text/event-stream" if replayed else "application/json"
        content = found.replay if replayed else json.dumps(found.response).encode()
        return self.flavor.Response(200, headers=headers, content=content)

    def mark(self, response: Any, found: Miss | Bypass) -> None:
        """Notes in the upstream's answer what became of the lookup."""
        outcome = "miss" if isinstance(found, Miss) else "bypass"
        response.headers["cache-status"] = f"semcached; fwd={outcome}; detail={found.reason}"

    def answer(self, response: Any, **body: Any) -> Any:
        """The upstream's answer with another body."""
        headers = [(name, value) for name, value in response.headers.raw if name.lower().decode() not in OF_THE_BYTES]
        return self.flavor.Response(response.status_code, headers=headers, extensions=response.extensions, **body)


def _is_stream(response: Any) -> bool:
    return str(response.headers.get("content-type", "")).startswith("text/event-stream")


def _document(content: bytes) -> Any:
    """The JSON value, None if it is none: that is nothing to store."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


class _Transport:
    def __init__(self, inner: Any, cache: Semcached, rules: _Rules):
        self._inner = inner
        self._cache = cache
        self._rules = rules

    def handle_request(self, request: Any) -> Any:
        call, request = self._rules.read(request)
        if call is None:
            return self._inner.send(request, stream=True)
        found = self._cache.lookup(call.request, **call.arguments)
        if isinstance(found, Hit):
            return self._rules.hit(found)
        ticket = found.ticket if isinstance(found, Miss) else None
        settled = False
        try:
            response = self._inner.send(request, stream=True)
            self._rules.mark(response, found)
            if ticket and response.status_code == 200 and _is_stream(response):
                stream = _classes(self._rules.flavor).stream(response, functools.partial(self._settle, ticket))
                settled = True  # by the stream, at its end
                return self._rules.answer(response, stream=stream)
            if ticket is None or response.status_code != 200:
                return response
            content = response.read()
            document = _document(content)
            if document is not None:
                settled = not isinstance(self._cache.store(ticket, document), Failed)
            return self._rules.answer(response, content=content)
        finally:
            if ticket and not settled:
                self._cache.release(ticket)

    def _settle(self, ticket: str, events: list[str] | None) -> None:
        if events is None or isinstance(self._cache.store(ticket, events=events), Failed):
            self._cache.release(ticket)

    def close(self) -> None:
        self._inner.close()


class _Stream:
    """Passes the upstream's bytes on and settles the ticket when it is closed."""

    def __init__(self, response: Any, settle: Any):
        self._response = response
        self._settle = settle
        self._recording: Recording | None = Recording()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._response.iter_bytes():
            if self._recording is not None:
                self._recording.add(piece)
            yield piece

    def close(self) -> None:
        recording, self._recording = self._recording, None
        try:
            self._response.close()
        finally:
            if recording is not None:
                self._settle(recording.events())


class _AsyncTransport:
    def __init__(self, inner: Any, cache: AsyncSemcached, rules: _Rules):
        self._inner = inner
        self._cache = cache
        self._rules = rules

    async def handle_async_request(self, request: Any) -> Any:
        call, request = self._rules.read(request)
        if call is None:
            return await self._inner.send(request, stream=True)
        found = await self._cache.lookup(call.request, **call.arguments)
        if isinstance(found, Hit):
            return self._rules.hit(found)
        ticket = found.ticket if isinstance(found, Miss) else None
        settled = False
        try:
            response = await self._inner.send(request, stream=True)
            self._rules.mark(response, found)
            if ticket and response.status_code == 200 and _is_stream(response):
                stream = _classes(self._rules.flavor).async_stream(response, functools.partial(self._settle, ticket))
                settled = True  # by the stream, at its end
                return self._rules.answer(response, stream=stream)
            if ticket is None or response.status_code != 200:
                return response
            content = await response.aread()
            document = _document(content)
            if document is not None:
                settled = not isinstance(await self._cache.store(ticket, document), Failed)
            return self._rules.answer(response, content=content)
        finally:
            if ticket and not settled:
                with anyio.CancelScope(shield=True):
                    await self._cache.release(ticket)

    async def _settle(self, ticket: str, events: list[str] | None) -> None:
        # Also when the consumer was cancelled: the client's deadline bounds it.
        with anyio.CancelScope(shield=True):
            if events is None or isinstance(await self._cache.store(ticket, events=events), Failed):
                await self._cache.release(ticket)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _AsyncStream:
    """`_Stream` for coroutines."""

    def __init__(self, response: Any, settle: Any):
        self._response = response
        self._settle = settle
        self._recording: Recording | None = Recording()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_bytes():
            if self._recording is not None:
                self._recording.add(piece)
            yield piece

    async def aclose(self) -> None:
        recording, self._recording = self._recording, None
        try:
            await self._response.aclose()
        finally:
            if recording is not None:
                await self._settle(recording.events())


@dataclass(frozen=True)
class _Classes:
    """The above as subclasses of one flavor's own, which that flavor insists on."""

    transport: type
    async_transport: type
    stream: type
    async_stream: type


@functools.cache
def _classes(flavor: ModuleType) -> _Classes:
    def joined(ours: type, theirs: type) -> type:
        return type(ours.__name__, (ours, theirs), {})

    return _Classes(
        joined(_Transport, flavor.BaseTransport),
        joined(_AsyncTransport, flavor.AsyncBaseTransport),
        joined(_Stream, flavor.SyncByteStream),
        joined(_AsyncStream, flavor.AsyncByteStream),
    )
