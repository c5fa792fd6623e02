"""What the clients did and what they were answered: fills, cuts, leases, and when each began and ended.

Times are of the monotonic clock of this machine. What began is `sent`, what was answered `received`; a call without an answer
has none, and may have had its effect at any time after it was sent.
"""

import collections
import dataclasses

from questions import tags

# No call lasts longer.
LONGEST_CUT = 30.0

@dataclasses.dataclass(slots=True)
class Fill:
    """One answer on its way into the cache; its number stands in the answer's text."""

    number: int
    namespace: str
    question: int
    wording: int
    sent: float
    # When the ticket was in the caller's hands; None for a store without one.
    issued: float | None = None
    received: float | None = None
    # stored, the reason of a refusal, the code of a problem, or None without an answer.
    outcome: str | None = None
    # The first time that it was served.
    seen: float | None = None
    entry: str | None = None

    @property
    def key(self):
        return self.namespace, self.question, self.wording

    @property
    def committed_by(self):
        """When it was surely in the cache; None if that is not known."""
        known = [time for time in (self.received if self.outcome == "stored" else None, self.seen) if time is not None]
        return min(known) if known else None


@dataclasses.dataclass(slots=True)
class Cut:
    """A flush or a removal."""

    number: int
    kind: str
    namespace: str
    tags: frozenset
    key: tuple | None
    sent: float
    # When it was acknowledged; None when it was not.
    done: float | None = None
    # When any answer came.
    received: float | None = None
    # Whether fills whose tickets were handed out before are refused: not for a removal that may have found nothing.
    bars_tickets: bool = True

    def concerns(self, fill):
        if self.namespace != fill.namespace:
            return False
        if self.key is not None:
            return self.key == fill.key
        return self.tags <= set(tags(fill.question))

    def surely_covers(self, fill):
        """Whether the fill must be invisible to whatever begins after `done`."""
        if not self.concerns(fill):
            return False
        if self.bars_tickets and fill.issued is not None and fill.issued < self.sent:
            return True
        committed = fill.committed_by
        return committed is not None and committed < self.sent

    def may_cover(self, fill):
        """Whether the fill may be gone because of it."""
        return self.concerns(fill) and (self.received is None or self.received > fill.sent)


@dataclasses.dataclass(slots=True)
class Block:
    """Feedback that an entry does not answer a question."""

    namespace: str
    question: int
    asked: int
    entry: int
    sent: float
    done: float | None = None


@dataclasses.dataclass(slots=True)
class Grant:
    """A lease that a caller was granted."""

    key: tuple
    replica: int
    sent: float
    received: float
    # Until when it is surely held, unless it ends before.
    until: float


@dataclasses.dataclass(slots=True)
class Window:
    """A time in which Redis may lose what it has acknowledged, and why."""

    kind: str
    start: float
    end: float | None = None

    def overlaps(self, start, end):
        return (self.end is None or start <= self.end) and end >= self.start


class History:
    """All of it, by key, for the checks and for whoever reads about a violation."""

    def __init__(self):
        self.fills = {}
        self.cuts = collections.defaultdict(list)
        self.removals = collections.defaultdict(list)
        self.blocks = collections.defaultdict(list)
        self.grants = collections.defaultdict(list)
        # Stores and removals that end a lease: [sent, received or None].
        self.touches = collections.defaultdict(list)
        self.windows = []
        # When Redis was emptied: [start, end].
        self.emptied = []
        self.events = collections.defaultdict(lambda: collections.deque(maxlen=400))
        self.cut_count = 0

    def note(self, namespace, question, text):
        """A line of the history of a question."""
        self.events[namespace, question].append(text)

    def fill(self, namespace, question, wording, sent, issued=None):
        fill = Fill(len(self.fills) + 1, namespace, question, wording, sent, issued)
        self.fills[fill.number] = fill
        return fill

    def cut(self, kind, namespace, sent, tag_set=(), key=None, bars_tickets=True):
        self.cut_count += 1
        cut = Cut(self.cut_count, kind, namespace, frozenset(tag_set), key, sent, bars_tickets=bars_tickets)
        (self.removals[key] if key else self.cuts[namespace]).append(cut)
        return cut

    def cuts_of(self, fill):
        """The cuts that concern a fill and were not over before it began, the latest first."""
        began = fill.sent if fill.issued is None else fill.issued
        for cuts in (self.cuts[fill.namespace], self.removals[fill.key]):
            for cut in reversed(cuts):
                if cut.sent < began - LONGEST_CUT:
                    break
                if cut.concerns(fill):
                    yield cut

    def window(self, start, end):
        """A window that overlaps with this time; None if there is none."""
        return next((window for window in self.windows if window.overlaps(start, end)), None)

    def is_surely_live(self, fill):
        """Whether nothing that anybody did can have made an acknowledged fill invisible."""
        if fill.outcome != "stored" or self.was_emptied_after(fill.sent):
            return False
        return not any(cut.may_cover(fill) for cut in self.cuts_of(fill))

    def was_emptied_after(self, time):
        """Whether Redis was emptied after that time."""
        return any(end is None or time <= end for _, end in self.emptied)

    def story(self, namespace, question, start, since=0.0):
        """The history of a question in lines."""
        lines = [(time, text) for time, text in self.events[namespace, question] if time >= since]
        for cut in self.cuts[namespace]:
            if cut.sent >= since:
                end = f"done {cut.done - start:.3f}" if cut.done else "no 200"
                lines.append((cut.sent, f"{cut.kind} {','.join(sorted(cut.tags))} ({end})"))
        for window in self.windows:
            lines.append((window.start, f"window: {window.kind} until {(window.end or start) - start:.3f}"))
        return [f"{time - start:9.3f}  {text}" for time, text in sorted(lines)]
