"""Calls to a replica: one kept connection per caller and replica, one request at a time."""

import asyncio
import json
import time

KEY = "faults-key"
# Seconds after which a call is given up; what is late by less is measured.
PATIENCE = 12.0


class NoAnswer(Exception):
    """The connection was refused, reset, or nothing came; `was_sent` tells whether the call may have had an effect."""

    def __init__(self, text, was_sent):
        super().__init__(text)
        self.was_sent = was_sent


class Answer:
    """A status, a decoded body, and when the request began and the answer was there."""

    __slots__ = ("status", "body", "sent", "received")

    def __init__(self, status, body, sent, received):
        self.status, self.body, self.sent, self.received = status, body, sent, received


class Connection:
    """A caller's connection to one address, made when it is needed."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None
        self.was_sent = False

    async def call(self, method, path, body, patience=PATIENCE):
        """The answer; raises NoAnswer."""
        sent, self.was_sent = time.monotonic(), False
        try:
            return await asyncio.wait_for(self.exchange(method, path, body, sent), patience)
        except (OSError, EOFError, asyncio.TimeoutError, ValueError) as error:
            self.close()
            raise NoAnswer(type(error).__name__, self.was_sent) from None

    async def exchange(self, method, path, body, sent):
        if self.writer is None or self.reader.at_eof():
            self.close()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        data = body.encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {len(data)}\r\n\r\n"
        self.was_sent = True
        self.writer.write(head.encode() + data)
        while True:
            head = await self.reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            lines = head.lower()
            at = lines.find(b"\r\ncontent-length: ")
            length = int(lines[at + 18 : lines.find(b"\r\n", at + 18)]) if at >= 0 else 0
            data = await self.reader.readexactly(length)
            if status != 100:
                break
        received = time.monotonic()
        if b"\r\nconnection: close\r\n" in lines:
            self.close()
        return Answer(status, json.loads(data) if data[:1] == b"{" else {}, sent, received)

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
