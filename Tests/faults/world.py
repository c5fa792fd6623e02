"""What clients and probes share: the replicas, the history, and the one way to make each call."""

import asyncio
import collections
import time

import questions
from accounts import Accounts
from calls import Connection, NoAnswer
from checker import Checker
from history import Block, History
from replicas import DEADLINE_MS
from starvation import PAUSE, Starvation

TICK = 0.01


class World:
    """Every call goes through here, so that it is checked and counted whoever makes it."""

    def __init__(self, replicas):
        self.replicas = replicas
        self.history = History()
        self.checker = Checker(self.history)
        self.accounts = Accounts()
        self.start = time.monotonic()
        self.is_over = False
        # By replica the times when it was killed, stopped or restarted: [start, end or None].
        self.away = [[] for _ in replicas]
        self.lags = []
        self.starvation = [Starvation() for _ in replicas]
        self.entries = {}
        self.ended_calls = 0
        self.statuses = collections.Counter()
        # The fault that is being injected or healed now.
        self.fault = "none"

    # Whose fault it is.

    async def watch_lag(self):
        """Measures how late this process itself is."""
        while not self.is_over:
            began = time.monotonic()
            await asyncio.sleep(TICK)
            lag = time.monotonic() - began - TICK
            if lag > 0.005:
                self.lags.append((began, lag))

    async def watch_starvation(self):
        """Measures how long the event loops of the replicas wait for a core."""
        while not self.is_over:
            await asyncio.sleep(PAUSE)
            for replica, starvation in zip(self.replicas, self.starvation):
                if replica.program.is_running:
                    starvation.sample(replica.program.process.pid)

    def waited(self, replica, start, end):
        """How long the clients and the replica's event loops waited for a core in that time."""
        return self.lag_between(start, end) + self.starvation[replica].between(start, end)

    def lag_between(self, start, end):
        """The sum of this process' own lateness in that time."""
        total = 0.0
        for began, lag in reversed(self.lags):
            if began < start - 2:
                break
            if began <= end and began + TICK + lag >= start:
                total += lag
        return total

    def is_away(self, replica, start, end):
        return any(since <= end and (until is None or until >= start) for since, until in self.away[replica])

    # Calls.

    async def call(self, connections, replica, method, path, body, namespace, question, what):
        """The answer; None when there was none, which only a replica that is away may give."""
        sent = time.monotonic()
        try:
            answer = await connections[replica].call(method, path, body)
        except NoAnswer as problem:
            now = time.monotonic()
            self.ended_calls += 1
            if problem.was_sent:
                self.accounts.no_answer(namespace, sent)
            # A connection may have died with a replica that is back by now.
            if not self.is_away(replica, sent - 0.5, now):
                text = f"{what} at replica {replica}: {problem} after {now - sent:.3f} s"
                self.checker.suspect("no answer", text, now, namespace, question)
            return None
        self.statuses[path.split("?")[0].split("/")[-1] if method == "POST" else method, answer.status] += 1
        return answer

    def note(self, namespace, question, text, at=None):
        self.history.note(namespace, question, (at or time.monotonic(), text))

    def unexpected(self, answer, what, namespace, question=-1):
        text = f"{what}: answered {answer.status} {str(answer.body)[:300]}"
        self.checker.suspect("status", text, answer.received, namespace, question)

    async def lookup(self, connections, replica, namespace, question, wording, options=""):
        """A lookup with these members of `cache`; gives the answer and the fill that it served."""
        semantic = '"semantic":false' not in options
        wait_ms = int(options.split('"wait_ms":')[1].split(",")[0]) if '"wait_ms":' in options else 0
        tags = ",".join(f'"{tag}"' for tag in questions.tags(question))
        cache = f'{{"tags":[{tags}]{"," if options else ""}{options}}}'
        body = f'{{"namespace":"{namespace}","request":{questions.request(question, wording)},"cache":{cache}}}'
        where = f"lookup of {namespace} question {question} wording {wording}"
        answer = await self.call(connections, replica, "POST", "/v1/lookup", body, namespace, question, where)
        if answer is None:
            return None, None
        if answer.status != 200:
            self.unexpected(answer, where, namespace, question)
            return None, None
        self.accounts.lookup(replica, namespace, answer)
        if not self.is_away(replica, answer.sent, answer.received):
            waited = 0.0
            if answer.received - answer.sent > (DEADLINE_MS + wait_ms) / 1000:
                # The samples of that time are complete.
                await asyncio.sleep(2 * PAUSE)
                waited = self.waited(replica, answer.sent, answer.received)
            self.checker.timed(answer, wait_ms, waited, f"{where} at replica {replica}", namespace, question)
        status, fill = answer.body["status"], None
        if status == "hit":
            fill = self.checker.served(namespace, question, wording, semantic, answer, f"replica {replica}")
        said = f"{status} {answer.body.get('tier') or answer.body.get('reason')}"
        said += f" fill {fill.number}" if fill else f" lease {answer.body['lease']['state']}" if status == "miss" else ""
        milliseconds = (answer.received - answer.sent) * 1000
        self.note(namespace, question, f"lookup w{wording} r{replica} {options}: {said} ({milliseconds:.0f} ms)", answer.sent)
        return answer, fill

    async def store(self, connections, replica, fill, ticket=None):
        """Stores a fill, with its ticket or without."""
        response = questions.response(questions.content(fill.namespace, fill.question, fill.wording, fill.number))
        if ticket:
            body = f'{{"ticket":"{ticket}","response":{response}}}'
        else:
            tags = ",".join(f'"{tag}"' for tag in questions.tags(fill.question))
            request = questions.request(fill.question, fill.wording)
            body = f'{{"namespace":"{fill.namespace}","request":{request},"response":{response},"tags":[{tags}]}}'
        touch = [fill.sent, None]
        self.history.touches[fill.key].append(touch)
        what = f"store of fill {fill.number}"
        answer = await self.call(connections, replica, "POST", "/v1/store", body, fill.namespace, fill.question, what)
        if answer is not None:
            fill.received = touch[1] = answer.received
            fill.outcome = self.outcome(answer)
            self.accounts.store(replica, fill.namespace, answer)
            if answer.status == 201:
                fill.entry = answer.body["entry_id"]
                self.entries[fill.key] = fill.entry
            elif answer.status not in (200, 503):
                self.unexpected(answer, what, fill.namespace, fill.question)
        kind = "ticket" if ticket else "no ticket"
        self.note(fill.namespace, fill.question, f"store w{fill.wording} r{replica} fill {fill.number} ({kind}): {fill.outcome}", fill.sent)
        return answer

    @staticmethod
    def outcome(answer):
        if answer.status == 201:
            return "stored"
        return answer.body.get("reason") if answer.status == 200 else answer.body.get("code", str(answer.status))

    async def release(self, connections, replica, namespace, question, ticket):
        body = f'{{"ticket":"{ticket}"}}'
        answer = await self.call(connections, replica, "POST", "/v1/release", body, namespace, question, "release")
        self.note(namespace, question, f"release r{replica}: {answer and answer.status}", answer.sent if answer else None)
        if answer is not None and answer.status not in (204, 503):
            self.unexpected(answer, "release", namespace, question)

    async def flush(self, connections, replica, namespace, tags=()):
        selector = "".join(f',"tags":[{",".join(chr(34) + tag + chr(34) for tag in tags)}]' if tags else "")
        cut = self.history.cut(f"flush by replica {replica}", namespace, time.monotonic(), tags)
        answer = await self.call(connections, replica, "POST", "/v1/flush", f'{{"namespace":"{namespace}"{selector}}}', namespace, -1, "flush")
        if answer is not None:
            cut.received = answer.received
            if answer.status == 200:
                cut.done = answer.received
            elif answer.status != 503:
                self.unexpected(answer, "flush", namespace)
            if answer.status == 503:
                # It may have happened in part, and what was sent may still arrive.
                cut.received = None
        return answer

    async def delete(self, connections, replica, key):
        namespace, question, wording = key
        entry = self.entries[key]
        cut = self.history.cut(f"removal by replica {replica}", namespace, time.monotonic(), (), key)
        touch = [cut.sent, None]
        self.history.touches[key].append(touch)
        path = f"/v1/entries/{entry}?namespace={namespace}"
        answer = await self.call(connections, replica, "DELETE", path, "", namespace, question, "removal")
        if answer is not None and answer.status in (204, 404):
            cut.received = touch[1] = answer.received
            if answer.status == 204:
                cut.done = answer.received
        elif answer is not None and answer.status != 503:
            self.unexpected(answer, "removal", namespace, question)
        self.note(namespace, question, f"delete w{wording} r{replica}: {answer and answer.status}", cut.sent)

    async def feedback(self, connections, replica, namespace, question, wording, fill, entry, verdict):
        """Feedback on a hit: wrong removes the entry, or blocks the pair where the entry answers another wording."""
        asked = f',"request":{questions.request(question, wording)}' if fill.wording != wording else ""
        body = f'{{"entry_id":"{entry}","namespace":"{namespace}","verdict":"{verdict}"{asked}}}'
        sent = time.monotonic()
        block = cut = touch = None
        if verdict == "wrong" and asked:
            block = Block(namespace, question, wording, fill.wording, sent)
            self.history.blocks[namespace, question].append(block)
        elif verdict == "wrong":
            # It answers 204 where nothing was there, too: then tickets from before are not refused.
            cut = self.history.cut(f"feedback to replica {replica}", namespace, sent, (), fill.key, bars_tickets=False)
            touch = [sent, None]
            self.history.touches[fill.key].append(touch)
        answer = await self.call(connections, replica, "POST", "/v1/feedback", body, namespace, question, "feedback")
        if answer is not None:
            self.accounts.feedback(replica, namespace, verdict, answer)
            if answer.status == 204:
                if block:
                    block.done = answer.received
                if cut:
                    cut.done = cut.received = touch[1] = answer.received
            elif answer.status != 503:
                self.unexpected(answer, "feedback", namespace, question)
        self.note(namespace, question, f"feedback {verdict} on fill {fill.number} for w{wording} r{replica}: {answer and answer.status}", sent)

    def connections(self):
        """Connections of one caller, to each replica one."""
        return [Connection(replica.port) for replica in self.replicas]
