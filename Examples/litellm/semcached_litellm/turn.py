"""What is known about the request that is being answered."""

from __future__ import annotations

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field

from semcached import Bypass, Hit, Lookup, Miss

from .questions import Question

_current: ContextVar[Turn | None] = ContextVar("semcached_turn", default=None)


@dataclass(slots=True)
class Turn:
    """One request to the proxy. Its namespace comes from the key, out of reach of what the request says."""

    namespace: str | None
    # The members of the client's body; what the proxy adds to it later are none.
    said: frozenset[str] = frozenset()
    open: set[Question] = field(default_factory=set)
    found: Lookup | None = None
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begin(cls, namespace: str | None, said: frozenset[str] = frozenset()) -> Turn:
        turn = cls(namespace, said)
        _current.set(turn)
        return turn

    @classmethod
    def current(cls) -> Turn:
        """The turn of this task; outside of a request one without a namespace, for which nothing is looked up."""
        turn = _current.get()
        if turn is None:
            turn = cls(None)
            _current.set(turn)
        return turn

    def is_filling_for_another(self, question: Question) -> bool:
        """Whether this call is made to answer one that is being filled: LiteLLM answers some APIs by others."""
        return any(other.endpoint != question.endpoint for other in self.open)

    def inherits(self, question: Question) -> bool:
        """Takes over the ticket of an equal call of this turn that came to nothing: nobody waits for oneself."""
        before = next((other for other in self.open if other == question and other is not question), None)
        if before is None:
            return False
        self.open.discard(before)
        question.ticket = before.take_ticket()
        self.open.add(question)
        return True

    def only_open(self) -> Question | None:
        return next(iter(self.open)) if len(self.open) == 1 else None

    def note(self, found: Lookup) -> None:
        self.found = found
        self.counts[type(found).__name__] += 1

    def headers(self) -> dict[str, str]:
        """`Cache-Status` (RFC 9211) of the last lookup, and whose entry it was."""
        found, lookups = self.found, self.counts.total()
        if found is None:
            return {"cache-status": "semcached; fwd=bypass; detail=not-asked"}
        if lookups > 1:
            hits = self.counts["Hit"]
            outcome = "hit" if hits == lookups else "fwd=partial-hit" if hits else "fwd=miss"
            return {"cache-status": f"semcached; {outcome}; detail={hits}-of-{lookups}"}
        if isinstance(found, Hit):
            status = found.headers.get("cache-status", f"semcached; hit; detail={found.tier}")
            headers = {"cache-status": status, "age": str(found.age), "x-semcached-entry": found.entry_id}
            return {**headers, "x-semcached-tier": found.tier}
        outcome = "miss" if isinstance(found, Miss) else "bypass"
        assert isinstance(found, Miss | Bypass)
        return {"cache-status": f"semcached; fwd={outcome}; detail={found.reason.replace('_', '-')}"}
