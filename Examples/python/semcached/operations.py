"""The calls of semcached's HTTP interface as values: what to send, and what an answer means. Nothing here does I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from .outcomes import Bypass, Entry, Failed, Hit, Lookup, Miss, Refused, SemcachedError, Store, Stored, Unreachable

Result = TypeVar("Result")

CACHE_OPTIONS = (
    "no-cache",
    "no-store",
    "ttl",
    "s-maxage",
    "semantic",
    "min_similarity",
    "lease",
    "wait_ms",
    "tags",
    "after",
)

# What json.dumps raises for what is no JSON.
NO_JSON = (ValueError, TypeError, RecursionError)
# Milliseconds, far above what a server allows.
LONGEST_WAIT = 3_600_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Result]):
    """One call. With `failed` it never raises: an error's code and detail become an outcome."""

    path: str
    read: Callable[[Answer], Result]
    method: str = "POST"
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    params: Mapping[str, Any] | None = None
    accept: str = "application/json"
    waits: float = 0.0
    failed: Callable[[str, str], Result] | None = None

    def content(self) -> bytes | None:
        # Escaped: a text may hold half of a surrogate pair, which UTF-8 cannot say.
        return None if self.body is None else json.dumps(self.body).encode()

    def result(self, answer: Answer) -> Result:
        if answer.status < 300:
            try:
                return self.read(answer)
            except (ValueError, KeyError, TypeError) as error:
                problem = SemcachedError(answer.status, "unreadable", f"{self.path}: {type(error).__name__}: {error}")
        else:
            problem = problem_of(self.path, answer)
        if self.failed is None:
            raise problem
        return self.failed(problem.code, problem.detail)

    def unsendable(self, error: Exception) -> Result:
        """For what is no JSON. The error's own text stays here: it may quote the request."""
        detail = f"{self.path}: not JSON: {type(error).__name__}"
        if self.failed is None:
            raise SemcachedError(0, "invalid_request", detail) from None
        return self.failed("invalid_request", detail)

    def without_answer(self, error: Exception) -> Result:
        detail = f"{self.path}: {type(error).__name__}: {error}"
        if self.failed is None:
            raise Unreachable(detail) from error
        return self.failed("unreachable", detail)


def problem_of(path: str, answer: Answer) -> SemcachedError:
    try:
        document = answer.json()
        code, detail = str(document["code"]), str(document.get("detail", document.get("title", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        code, detail = f"status_{answer.status}", f"{path} was answered {answer.status}"
    after = answer.headers.get("retry-after", "")
    return SemcachedError(answer.status, code, detail, float(after) if after.isdecimal() else None)


def lookup(namespace: str, endpoint: str, request: Any, options: Mapping[str, Any], replay: bool) -> Operation[Lookup]:
    streams = replay and isinstance(request, Mapping) and request.get("stream") is True
    return Operation(
        path="/v1/lookup",
        body={"namespace": namespace, "endpoint": endpoint, "request": request, "cache": dict(options)},
        accept="text/event-stream" if streams else "application/json",
        waits=_wait(options) / 1000,
        read=_read_lookup,
        failed=lambda code, detail: Bypass(reason=code, detail=detail),
    )


def at_once(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The options of the same lookup without its wait; None if it has none."""
    return {**options, "wait_ms": 0, "asks_again": True} if _wait(options) else None


def is_held(found: Lookup) -> bool:
    return isinstance(found, Miss) and found.lease == "held"


def _wait(options: Mapping[str, Any]) -> float:
    """Milliseconds; what is no duration is for the server to refuse."""
    asked = options.get("wait_ms")
    return asked if isinstance(asked, int | float) and 0 < asked <= LONGEST_WAIT else 0


def _read_lookup(answer: Answer) -> Lookup:
    headers = answer.headers
    if headers.get("content-type", "").startswith("text/event-stream"):
        similarity = headers.get("x-semcached-similarity")
        return Hit(
            tier=headers["x-semcached-tier"],
            entry_id=headers["x-semcached-entry"],
            age=int(headers.get("age", 0)),
            replay=answer.content,
            similarity=None if similarity is None else float(similarity),
            headers=headers,
        )
    found = answer.json()
    status = found["status"]
    if status == "hit":
        names = ("tier", "entry_id", "age", "response", "ttl", "similarity", "score", "matched", "coalesced", "saved")
        return Hit(**{name: found[name] for name in names if name in found}, headers=headers)
    if status == "miss":
        lease = found.get("lease", {}).get("state", "none")
        return Miss(reason=found["reason"], ticket=found.get("ticket"), lease=lease, nearest=found.get("nearest"))
    if status == "bypass":
        return Bypass(reason=found["reason"])
    raise ValueError(f"status {status!r}")


def store(
    *,
    ticket: str | None,
    response: Any,
    events: Sequence[str] | None,
    fill: Mapping[str, Any] | None = None,
) -> Operation[Store]:
    """`fill` is what a ticket would say: namespace, endpoint, request, ttl, tags."""
    body: dict[str, Any] = dict(fill or {}) if ticket is None else {"ticket": ticket}
    if events is None:
        body["response"] = response
    else:
        body["events"] = list(events)
    return Operation(
        path="/v1/store", body=body, read=_read_store, failed=lambda code, detail: Failed(code=code, detail=detail)
    )


def _read_store(answer: Answer) -> Store:
    found = answer.json()
    if found["status"] == "refused":
        return Refused(reason=found["reason"])
    names = ("entry_id", "ttl", "tiers", "change")
    return Stored(**{name: found[name] for name in names if name in found})


def release(ticket: str) -> Operation[bool]:
    return Operation(path="/v1/release", body={"ticket": ticket}, read=lambda _: True, failed=lambda *_: False)


def feedback(namespace: str, entry_id: str, verdict: str, request: Any) -> Operation[None]:
    body = {"namespace": namespace, "entry_id": entry_id, "verdict": verdict}
    if request is not None:
        body["request"] = request
    return Operation(path="/v1/feedback", body=body, read=lambda _: None)


def flush(selectors: Mapping[str, Any], dry_run: bool) -> Operation[int]:
    body = {name: value for name, value in selectors.items() if value not in (None, (), [], False)}
    return Operation(
        path="/v1/flush", body={**body, "dry_run": dry_run}, read=lambda answer: int(answer.json()["flushed"])
    )


def explain(namespace: str, endpoint: str, request: Any, options: Mapping[str, Any]) -> Operation[dict[str, Any]]:
    body = {"namespace": namespace, "endpoint": endpoint, "request": request, "cache": dict(options)}
    return Operation(path="/v1/explain", body=body, read=Answer.json)


def stats(namespace: str | None, window: str) -> Operation[dict[str, Any]]:
    params = {"window": window} if namespace is None else {"namespace": namespace, "window": window}
    return Operation(method="GET", path="/v1/stats", params=params, read=Answer.json)


def ready() -> Operation[bool]:
    return Operation(method="GET", path="/readyz", read=lambda _: True, failed=lambda *_: False)


def entry(namespace: str, entry_id: str) -> Operation[Entry]:
    path = f"/v1/entries/{quote(entry_id, safe='')}"
    return Operation(
        method="GET", path=path, params={"namespace": namespace}, read=lambda answer: _entry(answer.json())
    )


def delete_entry(namespace: str, entry_id: str) -> Operation[None]:
    path = f"/v1/entries/{quote(entry_id, safe='')}"
    return Operation(method="DELETE", path=path, params={"namespace": namespace}, read=lambda _: None)


def entries(
    namespace: str, model: str | None, tag: str | None, limit: int, cursor: str | None
) -> Operation[tuple[list[Entry], str | None]]:
    chosen = {"namespace": namespace, "model": model, "tag": tag, "limit": limit, "cursor": cursor}
    params = {name: value for name, value in chosen.items() if value is not None}

    def read(answer: Answer) -> tuple[list[Entry], str | None]:
        found = answer.json()
        return [_entry(each) for each in found["entries"]], found.get("cursor")

    return Operation(method="GET", path="/v1/entries", params=params, read=read)


def _entry(found: Mapping[str, Any]) -> Entry:
    members: dict[str, Any] = {name: found.get(name) for name in Entry.__slots__}
    return Entry(**members)
