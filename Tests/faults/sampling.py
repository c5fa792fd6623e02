"""Acknowledged answers that Redis kept must be hits again: some of them are asked for, and Redis is asked what it has."""

import asyncio
import random
import time

from checker import REPLICATION_SECONDS

# The second byte of what stands at a key for another entry, which answered these words after its own was lost.
ALIAS = b"\x03"


class Sampler:
    """Looks for acknowledged fills that nobody flushed, removed or replaced."""

    def __init__(self, world, topology, seed):
        self.world, self.topology = world, topology
        self.draw = random.Random(f"{seed} sample")
        self.connections = world.connections()
        self.asked = self.hits = 0
        # What Redis lost, by why it could.
        self.lost = {}

    def live(self):
        """The latest acknowledged fill of each key, where nothing can have made it invisible."""
        history, latest = self.world.history, {}
        for fill in history.fills.values():
            latest[fill.key] = fill if fill.outcome == "stored" or fill.key not in latest else latest[fill.key]
        return [fill for fill in latest.values() if history.is_surely_live(fill)]

    async def run(self, count):
        """Asks for so many of them."""
        live = self.live()
        missing = []
        for fill in self.draw.sample(live, min(count, len(live))):
            if not await self.is_hit(fill):
                missing.append(fill)
        if missing:
            kinds = await asyncio.to_thread(self.topology.kinds, [fill.entry for fill in missing])
            for fill in missing:
                await self.examine(fill, kinds.get(fill.entry, ALIAS))

    async def is_hit(self, fill, bound=8.0):
        """Whether a lookup of its key is a hit; bypasses are asked again, as long as nothing else is known."""
        self.asked += 1
        end = time.monotonic() + bound
        while True:
            replica = self.draw.randrange(len(self.world.replicas))
            answer, _ = await self.world.lookup(self.connections, replica, *fill.key, '"semantic":false,"lease":false')
            if answer is not None and answer.body["status"] != "bypass":
                self.hits += answer.body["status"] == "hit"
                return answer.body["status"] == "hit"
            if time.monotonic() > end:
                self.world.checker.suspect("kept", f"{fill.key}: bypassed for {bound:.0f} s after healing", end, *fill.key[:2])
                return True
            await asyncio.sleep(0.2)

    async def examine(self, fill, kind):
        """A miss: was something done meanwhile, did Redis lose it, or is it there and not served?"""
        history = self.world.history
        if not history.is_surely_live(fill):
            return
        if kind != ALIAS:
            if not await self.is_hit(fill) and history.is_surely_live(fill):
                text = f"{fill.key}: fill {fill.number} was acknowledged, Redis has it, and it is a miss"
                self.world.checker.suspect("kept", text, time.monotonic(), *fill.key[:2])
            return
        window = history.window(fill.sent, fill.received + REPLICATION_SECONDS)
        if window is None:
            text = f"{fill.key}: fill {fill.number} was acknowledged and is not in Redis, which had no reason to lose it"
            self.world.checker.suspect("kept", text, time.monotonic(), *fill.key[:2])
        else:
            self.lost[window.kind] = self.lost.get(window.kind, 0) + 1
