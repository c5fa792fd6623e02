"""Shows the checks wrong answers, and right ones that look like them: each wrong one must be found, and nothing else."""

import asyncio
import json
import pathlib
import sys
import tempfile

import schedule
from accounts import Accounts
from calls import Answer
from checker import Checker
from clients import Draws
from history import Block, History, Window
from questions import content, response
from sampling import ALIAS, Sampler

KEY = ("kept", 1, 0)


class Scene:
    """A history with one acknowledged fill, stored from 10.0 to 10.1 with a ticket of 9.9."""

    def __init__(self, key=KEY, issued=9.9, outcome="stored"):
        self.history = History()
        self.checker = Checker(self.history)
        self.fill = self.add(key, 10.0, 10.1, issued, outcome)

    def add(self, key, sent, received, issued=None, outcome="stored"):
        fill = self.history.fill(*key, sent, issued)
        fill.received, fill.outcome, fill.entry = received, outcome, "ab" * 32
        return fill

    def cut(self, sent, done, kind="flush", tags=(), key=None, bars_tickets=True):
        cut = self.history.cut(kind, KEY[0], sent, tags, key, bars_tickets)
        cut.done = cut.received = done

    def hit(self, sent=20.0, asked=KEY, text=None, semantic=True):
        text = text if text is not None else content(*self.fill.key, self.fill.number)
        body = {"status": "hit", "tier": "exact", "response": json.loads(response(text))}
        self.checker.served(*asked, semantic, Answer(200, body, sent, sent + 0.01), "replica 0")
        return self

    def grant(self, sent, received, milliseconds=3000, key=KEY):
        body = {"lease": {"state": "granted", "expires_in_ms": milliseconds}}
        return self.checker.granted(key, "replica 0", Answer(200, body, sent, received))

    def timed(self, seconds, wait_ms=0, waited=0.0):
        self.checker.timed(Answer(200, {}, 20.0, 20.0 + seconds), wait_ms, waited, "lookup", *KEY[:2])
        return self

    def rules(self):
        violations, _ = self.checker.settle()
        return sorted({violation.rule for violation in violations})


def scene(change=None, **options):
    made = Scene(**options)
    if change:
        change(made)
    return made


def two_grants(second, touch=None, end=None, window=None, emptied=None):
    made = Scene()
    first = made.grant(20.0, 20.1)
    first.until = end or first.until
    if touch:
        made.history.touches[KEY].append(touch)
    if window:
        made.history.windows.append(Window("failover", *window))
    if emptied:
        made.history.emptied.append(emptied)
    made.grant(second, second + 0.1)
    return made


def blocked(done, asked=1, window=None):
    made = Scene()
    made.history.blocks[KEY[:2]].append(Block(*KEY[:2], asked, KEY[2], 14.9, done))
    if window:
        made.history.windows.append(Window("failover", *window))
    return made.hit(asked=("kept", 1, 1))


CASES = [
    ("the right answer", [], lambda: Scene().hit()),
    ("the answer to another question", ["answer"], lambda: Scene().hit(asked=("kept", 2, 0))),
    ("the answer of another namespace", ["answer"], lambda: Scene().hit(asked=("tagged", 1, 0))),
    ("the answer to another wording", [], lambda: Scene().hit(asked=("kept", 1, 2))),
    ("the answer to another wording, not asked for", ["answer"], lambda: Scene().hit(asked=("kept", 1, 2), semantic=False)),
    ("an answer of which a part is missing", ["answer"], lambda: scene(key=("kept", 9, 0)).hit(asked=("kept", 9, 0), text=content("kept", 9, 0, 1)[:-5])),
    ("an answer that nobody stored", ["answer"], lambda: Scene().hit(text=content(*KEY, 99))),
    ("an answer that is none", ["answer"], lambda: Scene().hit(text="hello")),
    ("served after a flush", ["flush"], lambda: scene(lambda made: made.cut(15, 15.1)).hit()),
    ("asked for before the flush was done", [], lambda: scene(lambda made: made.cut(15, 15.1)).hit(sent=15.05)),
    ("a flush without a 200", [], lambda: scene(lambda made: made.cut(15, None)).hit()),
    ("a flush by a tag that it has", ["flush"], lambda: scene(lambda made: made.cut(15, 15.1, tags=["two-1"])).hit()),
    ("a flush by tags of which it has one", [], lambda: scene(lambda made: made.cut(15, 15.1, tags=["two-1", "five-0"])).hit()),
    ("stored after the flush with a ticket from before", ["flush"], lambda: scene(lambda made: made.cut(9.95, 9.97)).hit()),
    ("stored after the flush with a later ticket", [], lambda: scene(lambda made: made.cut(9.5, 9.6)).hit()),
    ("stored without a ticket during the flush", [], lambda: scene(lambda made: made.cut(10.05, 10.2), issued=None).hit()),
    ("stored without a ticket before the flush", ["flush"], lambda: scene(lambda made: made.cut(10.15, 10.2), issued=None).hit()),
    ("seen before a flush, never acknowledged", ["flush"], lambda: scene(lambda made: (made.hit(sent=12), made.cut(15, 15.1)), issued=None, outcome=None).hit()),
    ("refused as flushed and served", ["flush"], lambda: Scene(outcome="flushed").hit()),
    ("a flush that a failover lost", [], lambda: scene(lambda made: (made.cut(15, 15.1), made.history.windows.append(Window("failover", 15.5, 18)))).hit()),
    ("a flush long before a failover", ["flush"], lambda: scene(lambda made: (made.cut(12, 12.1), made.history.windows.append(Window("failover", 15.5, 18)))).hit()),
    ("served after its removal", ["removal"], lambda: scene(lambda made: made.cut(15, 15.1, "removal", key=KEY)).hit()),
    ("served after another one's removal", [], lambda: scene(lambda made: made.cut(15, 15.1, "removal", key=("kept", 2, 0))).hit()),
    ("a ticket from before a removal that may have found nothing", [], lambda: scene(lambda made: made.cut(9.95, 9.97, "feedback", key=KEY, bars_tickets=False)).hit()),
    ("blocked", ["block"], lambda: blocked(15.0)),
    ("blocked for another wording", [], lambda: blocked(15.0, asked=2)),
    ("a block without a 204", [], lambda: blocked(None)),
    ("a block that a failover lost", [], lambda: blocked(15.0, window=(15.5, 18))),
    ("one lease granted twice", ["lease"], lambda: two_grants(21.0)),
    ("a lease after the first has expired", [], lambda: two_grants(23.0)),
    ("a lease after the first was given up", [], lambda: two_grants(21.0, end=20.5)),
    ("a lease after somebody else stored", [], lambda: two_grants(21.0, touch=[20.4, 20.5])),
    ("a lease after somebody stored before the first", ["lease"], lambda: two_grants(21.0, touch=[19.0, 19.5])),
    ("a lease granted twice in a failover", [], lambda: two_grants(21.0, window=(20.5, 20.9))),
    ("a lease granted twice, Redis emptied between", [], lambda: two_grants(21.0, emptied=[20.5, 20.6])),
    ("answered in time", [], lambda: Scene().timed(0.25)),
    ("answered late", ["deadline"], lambda: Scene().timed(0.9)),
    ("answered late after waiting as asked", [], lambda: Scene().timed(0.9, wait_ms=500)),
    ("answered late by those who waited for a core", [], lambda: Scene().timed(0.9, waited=0.4)),
]


class Stub:
    """Just enough of a world and a topology for the sampler: every lookup is answered alike."""

    def __init__(self, made, status, kinds):
        self.history, self.checker, self.replicas = made.history, made.checker, [None]
        self.status, self.there = status, kinds

    def connections(self):
        return []

    def kinds(self, entries):
        return {entry: self.there for entry in entries if self.there}

    async def lookup(self, *_):
        return Answer(200, {"status": self.status}, 20.0, 20.1), None


def sampled(status, kind, window=None, cut=None, emptied=None):
    made = Scene()
    if window:
        made.history.windows.append(Window("failover", *window))
    if cut:
        made.cut(*cut)
    if emptied:
        made.history.emptied.append(emptied)
    stub = Stub(made, status, kind)
    asyncio.run(Sampler(stub, stub, 1).run(5))
    return made.rules()


THERE = b"\x02"
KEPT = [
    ("kept and a hit", [], lambda: sampled("hit", THERE)),
    ("kept and a miss", ["kept"], lambda: sampled("miss", THERE)),
    ("replaced by an alias without a reason", ["kept"], lambda: sampled("miss", ALIAS)),
    ("gone without a reason", ["kept"], lambda: sampled("miss", None)),
    ("gone in a failover", [], lambda: sampled("miss", None, window=(10.5, 12))),
    ("gone long before a failover", ["kept"], lambda: sampled("miss", None, window=(12.5, 15))),
    ("gone by a flush that got no answer", [], lambda: sampled("miss", None, cut=(15, None))),
    ("gone as Redis was emptied", [], lambda: sampled("miss", None, emptied=[15, 15.1])),
]


def counted(said, doubts=(), unanswered=0, emptied=None):
    accounts = Accounts()
    accounts.answers = [(float(second), 0, "kept", "stores") for second in range(10, 20)]
    accounts.doubts, accounts.emptied = list(doubts), emptied
    for _ in range(unanswered):
        accounts.no_answer("kept", 15.0)
    hits = {"exact": 0, "semantic": 0, "coalesced": 0}
    counts = {"hits": hits, "bypasses": 0, "stores": said, "misses_by_reason": {}, "refused": {}, "feedback": {}}
    return [name for _, name, *_ in accounts.differences({"namespaces": {"kept": counts}})[0]]


COUNTED = [
    ("all counted", [], lambda: counted(10)),
    ("one not counted", ["stores"], lambda: counted(9)),
    ("one counted twice", ["stores"], lambda: counted(11)),
    ("the last second of a killed replica", [], lambda: counted(8, doubts=[(0, 17.5, 19.5, "killed")])),
    ("more than the last second", ["stores"], lambda: counted(7, doubts=[(0, 17.5, 19.5, "killed")])),
    ("the last second of another replica", ["stores"], lambda: counted(8, doubts=[(1, 17.5, 19.5, "killed")])),
    ("a call without an answer", [], lambda: counted(11, unanswered=1)),
    ("what came after Redis was emptied", [], lambda: counted(5, emptied=(14.5, 14.6))),
    ("less than what came after it", ["stores"], lambda: counted(4, emptied=(14.5, 14.6))),
]


def repeated():
    """What a seed does not give again: plans, also from a file, and the requests of clients."""
    differing = []
    with tempfile.TemporaryDirectory() as folder:
        for name in schedule.KINDS:
            plan, path = schedule.draw(name, 7, 200, False), pathlib.Path(folder) / "plan.json"
            schedule.write([plan], path)
            if plan != schedule.draw(name, 7, 200, False) or [plan] != schedule.read(path) or plan == schedule.draw(name, 8, 200, False):
                differing.append(name)
    first, again = Draws(7, 3), Draws(7, 3)
    if any(first.step() != again.step() for _ in range(500)) or Draws(7, 3).step() == Draws(7, 4).step():
        differing.append("clients")
    return differing


def passes():
    """Whether each wrong answer is found, and no right one is called wrong; what is not is said on stderr."""
    failed = 0
    cases = [(name, wanted, lambda make=make: make().rules()) for name, wanted, make in CASES] + KEPT + COUNTED + [("the same seed again", [], repeated)]
    for name, wanted, find in cases:
        found = find()
        if found != wanted:
            failed += 1
            print(f"self-test: {name}: found {found or 'nothing'}, must find {wanted or 'nothing'}", file=sys.stderr)
    print(f"self-test: {len(cases) - failed} of {len(cases)} cases, {sum(bool(wanted) for _, wanted, _ in cases)} of them wrong answers")
    return failed == 0
