"""What calls of semcached come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An answer out of the cache: the upstream is not called.

    `response` is the stored JSON value; `replay` the server-sent events in its place when a replay was asked for.
    """

    tier: str
    entry_id: str
    age: int
    response: Any = None
    replay: bytes | None = None
    ttl: int | None = None
    similarity: float | None = None
    score: float | None = None
    matched: str | None = None
    coalesced: bool = False
    saved: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Call the upstream, then `store` its answer with the ticket, or `release` the ticket if the call failed.

    `lease` is `granted` (others wait for this fill), `held` (somebody else is filling) or `none`.
    """

    reason: str
    ticket: str | None = field(repr=False)
    lease: str = "none"
    nearest: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bypass:
    """Call the upstream, there is no cache for this request; `detail` says more when this client knows it."""

    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The answer is in the cache for `ttl` seconds."""

    entry_id: str
    ttl: int
    tiers: Sequence[str]
    change: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The answer is one that must not be cached; its lease was given up."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The answer could not be handed in; there is nothing to do but go on."""

    code: str
    detail: str | None = None


Lookup: TypeAlias = Hit | Miss | Bypass
Store: TypeAlias = Stored | Refused | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stored answer; `request` and `response` are None in a list."""

    entry_id: str
    namespace: str
    endpoint: str
    model: str | None
    tags: Sequence[str]
    stored_at: str
    age: int
    ttl: int
    bytes: int
    hits: int
    request: Any = None
    response: Any = None


class SemcachedError(Exception):
    """An administrative call was answered by an error: `code` is the stable word for it, `status` the HTTP status."""

    def __init__(self, status: int, code: str, detail: str, retry_after: float | None = None):
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class Unreachable(SemcachedError):
    """An administrative call got no answer."""

    def __init__(self, detail: str):
        super().__init__(0, "unreachable", detail)
