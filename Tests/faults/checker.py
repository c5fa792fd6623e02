"""Which answers are allowed: every answer is held against the history at once."""

import collections
import dataclasses

from history import Grant
from questions import EXACT_ONLY, content, fill_of
from replicas import DEADLINE_MS

# Redis replicates behind its acknowledgements: what it said within this time before a failover may be lost.
REPLICATION_SECONDS = 1.0
# What a lookup may take beyond its deadline and the time that clients and replica waited for a core: the relays wait, too.
ALLOWANCE_SECONDS = 0.35
# A call without an answer may have its effect until then.
LATE_SECONDS = 30.0


@dataclasses.dataclass
class Violation:
    """What must not have been, and the question whose history tells how it came."""

    rule: str
    text: str
    at: float
    namespace: str = ""
    question: int = -1
    # From when to when a loss of Redis would explain it; None if nothing would.
    excuse: tuple | None = None
    # The flush, removal or block that was undone, and when it began.
    undone: tuple | None = None


class Checker:
    """The invariants; `violations` may still be explained by a window that `settle` knows."""

    def __init__(self, history):
        self.history = history
        self.suspects = []
        self.checked = collections.Counter()
        self.lateness = []

    def suspect(self, rule, text, at, namespace="", question=-1, excuse=None, undone=None):
        self.suspects.append(Violation(rule, text, at, namespace, question, excuse, undone))

    # Answers.

    def served(self, namespace, question, wording, semantic, answer, replica):
        """A hit: whose answer is it, and may it be served to a call that began then?"""
        history, body = self.history, answer.body
        self.checked["answers"] += 1
        where = f"{namespace} question {question} wording {wording} of {replica}"
        try:
            number, text = fill_of(body["response"])
        except (KeyError, ValueError, TypeError, IndexError):
            return self.suspect("answer", f"{where}: an answer that nobody stored: {str(body)[:300]}", answer.received, namespace, question)
        fill = history.fills.get(number)
        if fill is None or text != content(fill.namespace, fill.question, fill.wording, number):
            return self.suspect("answer", f"{where}: a damaged answer: {text[:200]}", answer.received, namespace, question)
        if (fill.namespace, fill.question) != (namespace, question):
            return self.suspect("answer", f"{where}: the answer of {fill.key}, fill {number}", answer.received, namespace, question)
        if fill.wording != wording and not (semantic and namespace != EXACT_ONLY):
            return self.suspect("answer", f"{where}: the answer to wording {fill.wording}, not asked for", answer.received, namespace, question)
        self.check_cuts(fill, answer, where)
        self.check_blocks(fill, wording, answer, where)
        if fill.outcome == "flushed" and fill.received < answer.sent:
            self.suspect("flush", f"{where}: fill {number}, whose store was refused as flushed", answer.received, namespace, question)
        if fill.seen is None:
            fill.seen = answer.received
        return fill

    def check_cuts(self, fill, answer, where):
        for cut in self.history.cuts_of(fill):
            if cut.done is not None and cut.done < answer.sent and cut.surely_covers(fill):
                self.suspect(
                    "flush" if cut.key is None else "removal",
                    f"{where}: fill {fill.number} is served {answer.sent - cut.done:.3f} s after the {cut.kind} that covers it",
                    answer.received,
                    fill.namespace,
                    fill.question,
                    (cut.sent, cut.done + REPLICATION_SECONDS),
                    ("cut", cut.number, cut.sent),
                )
                return

    def check_blocks(self, fill, wording, answer, where):
        for block in self.history.blocks[fill.namespace, fill.question]:
            if block.asked != wording or block.entry != fill.wording or self.history.was_emptied_after(block.sent):
                continue
            if block.done is not None and block.done < answer.sent:
                self.suspect(
                    "block",
                    f"{where}: the entry of wording {fill.wording}, blocked {answer.sent - block.done:.3f} s before",
                    answer.received,
                    fill.namespace,
                    fill.question,
                    (block.sent, block.done + REPLICATION_SECONDS),
                    ("block", id(block), block.sent),
                )
                return

    # Leases.

    def granted(self, key, replica, answer):
        """A lease: does somebody else hold it?"""
        milliseconds = answer.body["lease"]["expires_in_ms"]
        grant = Grant(key, replica, answer.sent, answer.received, answer.sent + milliseconds / 1000)
        self.checked["leases"] += 1
        for other in self.history.grants[key][-3:]:
            if other.received > grant.sent or grant.received > other.until or self.history.was_emptied_after(other.sent):
                continue
            if not self.was_touched(key, other.sent, grant.received):
                self.suspect(
                    "lease",
                    f"{key}: granted by {replica} to a second caller, {other.until - grant.received:.3f} s before the lease of {other.replica} ends",
                    grant.received,
                    key[0],
                    key[1],
                    (other.received, grant.received),
                )
        self.history.grants[key].append(grant)
        return grant

    def was_touched(self, key, start, end):
        """Whether anything else may have ended a lease in this time."""
        for sent, received in self.history.touches[key]:
            if sent <= end and (received if received is not None else sent + LATE_SECONDS) >= start:
                return True
        for cut in self.history.cuts[key[0]][-60:]:
            if cut.sent <= end and (cut.received if cut.received is not None else cut.sent + LATE_SECONDS) >= start:
                return True
        return False

    # Time.

    def timed(self, answer, wait_ms, waited, where, namespace, question):
        """A lookup's time: its deadline, what it was asked to wait, and how long clients and replica waited for a core."""
        allowed = (DEADLINE_MS + wait_ms) / 1000
        late = answer.received - answer.sent - allowed
        self.checked["lookups"] += 1
        if late > 0:
            self.lateness.append((late, late - waited))
        if late - waited > ALLOWANCE_SECONDS:
            text = f"{where}: answered {late * 1000:.0f} ms after the deadline; clients and replica waited {waited * 1000:.0f} ms for a core"
            self.suspect("deadline", text, answer.received, namespace, question)

    # The end.

    def settle(self):
        """Violations, and suspects that a loss of Redis explains."""
        violations, explained = [], []
        for suspect in self.suspects:
            window = self.history.window(*suspect.excuse) if suspect.excuse else None
            (violations if window is None else explained).append(suspect)
        return violations, explained
