"""One process that sends its share of the requests and checks every answer."""

import collections
import json
import random
import socket

from mutation import Mutations, Seeds
from wire import BROKEN, Answers, Malformed, Writer

DEPTH = 32
CONNECTIONS = 4
PATIENCE = 90
KNOWN = {200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 413, 415, 431}
CODES = {
    "invalid_json", "invalid_request", "unauthorized", "forbidden", "invalid_ticket", "not_found", "method_not_allowed",
    "request_timeout", "payload_too_large", "unsupported_media_type", "headers_too_large",
}


class Violation(Exception):
    """The server did what it must not; `sent` is what it was sent."""

    def __init__(self, text, sent):
        super().__init__(text)
        self.text, self.sent = text, sent


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_int=len, parse_constant=refuse_constant)


def check(status, lines, body, method, route=""):
    """Raises Malformed unless an answer is one that the contract has."""
    if status not in KNOWN:
        raise Malformed(f"status {status}, {body[:300]!r}")
    if status >= 400 and route.startswith("/v1/caches/") and b"\r\ncontent-type: application/json\r\n" in lines:
        problem = DECODER.decode(body.decode())
        if not problem["type"].startswith("/errors/") or not problem["detail"].strip() or not problem["title"]:
            raise Malformed(f"a LangCache error that does not say enough: {body[:300]!r}")
    elif status >= 400:
        if b"\r\ncontent-type: application/problem+json\r\n" not in lines:
            raise Malformed(f"status {status} is not a problem document: {lines!r}")
        if method == b"HEAD":
            return
        problem = DECODER.decode(body.decode())
        if problem["code"] not in CODES or not problem["detail"].strip() or not problem["title"]:
            raise Malformed(f"a problem document that does not say enough: {body[:300]!r}")
    elif method != b"HEAD" and b"\r\ncontent-type: application/json\r\n" in lines:
        DECODER.decode(body.decode())


class Line:
    """A kept connection and the batch that is on it."""

    def __init__(self, port):
        self.port, self.batch = port, []
        self.open()

    def open(self):
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = Answers(self.connection)

    def reopen(self):
        self.connection.close()
        self.open()


class Worker:
    def __init__(self, number, seed, port, key, quota):
        self.draw = random.Random(f"{seed}:{number}")
        self.seeds = Seeds(self.draw)
        self.writer = Writer(self.draw, self.seeds, Mutations(self.draw), key)
        self.port, self.quota = port, quota
        self.counts = collections.Counter()

    def run(self, report):
        """Sends everything; `report` gets how many answers came, now and then."""
        lines = [Line(self.port) for _ in range(CONNECTIONS)]
        sent = turns = 0
        while sent < self.quota or any(line.batch for line in lines):
            for line in lines:
                if line.batch:
                    self.read(line)
                if sent < self.quota:
                    sent += self.send(line, min(DEPTH, self.quota - sent))
            turns += 1
            if turns % 20 == 0:
                report(sent)
        for line in lines:
            line.connection.close()
        return self.counts

    def send(self, line, count):
        if self.draw.random() < 0.1:
            self.send_broken()
        line.batch = [self.writer.request() for _ in range(count)]
        try:
            line.connection.sendall(b"".join(data for _, _, data in line.batch))
        except OSError as error:
            raise Violation(f"sending failed: {error}", [data for _, _, data in line.batch]) from None
        return count

    def send_broken(self):
        """Something that is not HTTP, on a connection of its own: an answer is not owed, a wrong one is wrong."""
        data = self.draw.choice(BROKEN)
        if self.draw.random() < 0.5:
            data = bytearray(data)
            data[self.draw.randrange(len(data))] ^= 1 << self.draw.randrange(8)
        line = Line(self.port)
        try:
            line.connection.sendall(data)
            line.connection.shutdown(socket.SHUT_WR)
            status, lines, body, _ = line.answers.next(b"HEAD" if data[:4] == b"HEAD" else b"GET")
            check(status, lines, body, b"GET")
            self.counts["(not HTTP)", status] += 1
            while line.connection.recv(65_536):
                pass
        except TimeoutError:
            raise Violation("a connection whose sending half was closed was not closed", [bytes(data)]) from None
        except OSError:
            self.counts["(not HTTP)", 0] += 1
        except (Malformed, ValueError, KeyError) as problem:
            if line.answers.buffer:
                raise Violation(str(problem), [bytes(data)]) from None
            self.counts["(not HTTP)", 0] += 1
        finally:
            line.connection.close()

    def read(self, line):
        batch, line.batch = line.batch, []
        for place, (route, method, data) in enumerate(batch):
            try:
                status, lines, body, closes = line.answers.next(method)
                check(status, lines, body, method, route)
            except (Malformed, OSError) as problem:
                text = f"{method.decode()} {route}, {place + 1} of {len(batch)} on its connection: {problem}"
                raise Violation(text, [data for _, _, data in batch[place:]]) from None
            except (ValueError, KeyError, TypeError) as problem:
                text = f"{method.decode()} {route}: status {status}, body {body[:300]!r}: {problem!r}"
                raise Violation(text, [data]) from None
            self.counts[f"{'POST' if method == b'POST' else 'GET/...'} {route}", status] += 1
            self.learn(status, body)
            if closes:
                self.counts["(closed before its turn)", 0] += len(batch) - place - 1
                return line.reopen()

    def learn(self, status, body):
        """Keeps tickets and ids, to bring them back."""
        if status == 200:
            at = body.find(b'"ticket":"')
            if at >= 0:
                self.keep(self.seeds.tickets, body[at + 10 : body.find(b'"', at + 10)].decode())
        elif status == 201:
            at = body.find(b'"entry_id":"')
            self.keep(self.seeds.ids, body[at + 12 : at + 76].decode())

    def keep(self, known, text):
        if len(known) < 200:
            known.append(text)
        else:
            known[self.draw.randrange(200)] = text
