"""The clients: each draws its requests from a seed of its own, whatever it is answered."""

import asyncio
import random
import time

import questions
from questions import NAMESPACES, QUESTIONS, is_plain

WAITS = [0, 0, 0, 0, 0, 0, 0, 100, 400, 1500]


class Draws:
    """What a client asks next; a step holds every choice that the answers could make necessary."""

    def __init__(self, seed, number):
        self.draw = random.Random(f"{seed} client {number}")

    def question(self):
        """Some questions are asked much more often than others."""
        return int(QUESTIONS * self.draw.random() ** 2)

    def step(self):
        draw = self.draw
        chance = draw.random()
        kind = "ask"
        for name, share in [("store", 0.05), ("tagged flush", 0.006), ("flush", 0.006), ("delete", 0.008), ("get", 0.01)]:
            if chance < share:
                kind = name
                break
            chance -= share
        return {
            "kind": kind,
            "namespace": draw.choice(NAMESPACES),
            "question": self.question(),
            "wording": draw.choice([0, 0, 0, 0, 1, 2]),
            "replica": draw.randrange(3),
            "other": draw.randrange(3),
            "wait_ms": draw.choice(WAITS),
            "semantic": draw.random() < 0.9,
            "no_cache": draw.random() < 0.02,
            "lease": draw.random() < 0.96,
            "fill": draw.random(),
            # Some upstream calls are slow: flushes overtake them.
            "upstream": draw.uniform(0.3, 1.5) if draw.random() < 0.12 else draw.uniform(0.005, 0.12),
            "feedback": draw.random(),
            "tags": draw.choice([1, 1, 2]),
            "pause": draw.expovariate(1.0),
        }


class Client:
    """One caller: one request at a time, with pauses that are drawn."""

    def __init__(self, world, seed, number, pause):
        self.world, self.draws, self.pause = world, Draws(seed, number), pause
        self.connections = world.connections()
        self.steps = 0

    async def run(self):
        while not self.world.is_over:
            step = self.draws.step()
            self.steps += 1
            await {
                "ask": self.ask,
                "store": self.store,
                "flush": self.flush,
                "tagged flush": self.tagged_flush,
                "delete": self.delete,
                "get": self.get,
            }[step["kind"]](step)
            await asyncio.sleep(step["pause"] * self.pause)
        for connection in self.connections:
            connection.close()

    async def ask(self, step):
        world, namespace, question, wording = self.world, step["namespace"], step["question"], step["wording"]
        options = [f'"wait_ms":{step["wait_ms"]}'] if step["wait_ms"] else []
        options += [] if step["semantic"] else ['"semantic":false']
        options += ['"no-cache":true'] if step["no_cache"] else []
        options += [] if step["lease"] else ['"lease":false']
        where = (namespace, question, wording)
        answer, fill = await world.lookup(self.connections, step["replica"], *where, ",".join(options))
        if answer is None or answer.body["status"] == "bypass":
            return
        if answer.body["status"] == "hit":
            return await self.judge(step, answer, fill)
        ticket, lease = answer.body["ticket"], answer.body["lease"]["state"]
        grant = world.checker.granted(where, f"replica {step['replica']}", answer) if lease == "granted" else None
        # Who holds no lease may fill as well, and be first; only some do.
        if grant is None and (is_plain(question) or step["fill"] > 0.3):
            return
        if grant and step["fill"] < 0.03:
            return
        await asyncio.sleep(step["upstream"])
        if grant:
            grant.until = min(grant.until, time.monotonic())
        if grant and step["fill"] < 0.1:
            return await world.release(self.connections, step["other"], namespace, question, ticket)
        fill = world.history.fill(*where, time.monotonic(), answer.received)
        await world.store(self.connections, step["other"], fill, ticket)

    async def judge(self, step, answer, fill):
        if fill is None or step["feedback"] > 0.02:
            return
        verdict = "right" if step["feedback"] < 0.01 else "wrong"
        await self.world.feedback(
            self.connections, step["other"], step["namespace"], step["question"], step["wording"], fill, answer.body["entry_id"], verdict
        )

    async def store(self, step):
        if is_plain(step["question"]):
            return await self.ask(step)
        fill = self.world.history.fill(step["namespace"], step["question"], step["wording"], time.monotonic())
        await self.world.store(self.connections, step["replica"], fill)

    async def flush(self, step):
        if not step["namespace"].startswith("flushed"):
            return await self.ask(step)
        await self.world.flush(self.connections, step["replica"], step["namespace"])

    async def tagged_flush(self, step):
        if step["namespace"] == "kept":
            return await self.ask(step)
        await self.world.flush(self.connections, step["replica"], step["namespace"], questions.tags(step["question"])[: step["tags"]])

    async def delete(self, step):
        key = (step["namespace"], step["question"], step["wording"])
        if key not in self.world.entries:
            return await self.ask(step)
        await self.world.delete(self.connections, step["replica"], key)

    async def get(self, step):
        """Reads an entry whole: the same rules as for a hit."""
        world, key = self.world, (step["namespace"], step["question"], step["wording"])
        if key not in world.entries:
            return await self.ask(step)
        path = f"/v1/entries/{world.entries[key]}?namespace={key[0]}"
        answer = await world.call(self.connections, step["replica"], "GET", path, "", key[0], key[1], "reading an entry")
        if answer is None:
            return
        if answer.status == 200:
            world.checker.served(*key, False, answer, f"replica {step['replica']} (entry)")
        elif answer.status not in (404, 503):
            world.unexpected(answer, "reading an entry", key[0], key[1])
