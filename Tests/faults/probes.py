"""Probes: is every part of the cache reachable through every replica, and since when not?"""

import asyncio
import time

import starvation
from questions import PROBE

KEYS = 6
PAUSE = 0.06
LOOKUP = '"semantic":false,"lease":false'


class Probe:
    """Asks one replica for the probe keys in turn, stores what is missing, and stores a key of its own now and then."""

    def __init__(self, world, replica):
        self.world, self.replica = world, replica
        self.connections = world.connections()
        # By what is probed: since when it fails (None: it works), the fault then, and when it worked last.
        self.failing = {}
        self.worked = {}
        # Longest failure by kind of fault: seconds, what failed.
        self.longest = {}
        self.spans = []

    async def run(self):
        place = 0
        while not self.world.is_over:
            await asyncio.sleep(PAUSE)
            place += 1
            if self.world.is_away(self.replica, time.monotonic(), time.monotonic()):
                self.failing.clear()
                continue
            began = time.monotonic()
            if place % (KEYS + 1) == KEYS:
                what, works = "store", await self.store(10 + self.replica)
            else:
                what = place % (KEYS + 1)
                works = await self.lookup(what)
            self.note(what, works, began, time.monotonic())
        for connection in self.connections:
            connection.close()

    async def lookup(self, key):
        answer, _ = await self.world.lookup(self.connections, self.replica, PROBE, key, 0, LOOKUP)
        if answer is None or answer.body["status"] == "bypass":
            return False
        if answer.body["status"] == "miss":
            await self.store(key)
        return True

    async def store(self, key):
        fill = self.world.history.fill(PROBE, key, 0, time.monotonic())
        answer = await self.world.store(self.connections, self.replica, fill)
        return answer is not None and answer.status != 503

    def note(self, what, works, began, ended):
        kind = "stores" if what == "store" else "lookups"
        if self.world.is_away(self.replica, began, ended):
            return self.failing.pop(what, None)
        if not works:
            return self.failing.setdefault(what, (began, self.world.fault))
        self.worked[what] = began
        since, fault = self.failing.pop(what, (None, None))
        if since is not None:
            self.spans.append((since, ended, what, fault))
            if ended - since > self.longest.get((fault, kind), 0.0):
                self.longest[fault, kind] = ended - since

    def works_since(self, time_):
        """Whether everything worked at least once since then and nothing fails."""
        return not self.failing and all(self.worked.get(what, 0.0) > time_ for what in [*range(KEYS), "store"])

    def unreachable_at(self, time_, slack):
        """Since when Redis was out of this replica's reach at that time, or shortly before; else that time."""
        since = [start for start, _ in self.failing.values()] + [start for start, end, *_ in self.spans if end > time_ - slack]
        return min([time_, *since])


class Pulse:
    """Asks a replica whether it lives, all the time: it depends on nothing but the replica's own event loop."""

    def __init__(self, world, replica):
        self.world, self.replica = world, replica
        self.connections = world.connections()
        # The slowest answer, and the slowest beyond what the replica's loops and the clients waited for a core.
        self.slowest = self.worst = 0.0

    async def run(self):
        while not self.world.is_over:
            await asyncio.sleep(0.1)
            now = time.monotonic()
            if self.world.is_away(self.replica, now, now):
                continue
            answer = await self.world.call(self.connections, self.replica, "GET", "/healthz", "", "", -1, "healthz")
            if answer is None or self.world.is_away(self.replica, answer.sent, answer.received):
                continue
            seconds = answer.received - answer.sent
            self.slowest = max(self.slowest, seconds)
            if seconds > 0.05:
                await asyncio.sleep(2 * starvation.PAUSE)
                self.worst = max(self.worst, seconds - self.world.waited(self.replica, answer.sent, answer.received))
        for connection in self.connections:
            connection.close()
