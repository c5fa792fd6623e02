"""The events of a stream, kept while it passes through."""

from __future__ import annotations

import json

# Streams above this are not kept; an entry would be refused long before.
LARGEST_STREAM = 16 << 20
LAST_EVENTS = frozenset({"message_stop", "response.completed", "response.incomplete", "response.failed"})


class Recording:
    """Collects the bytes of a stream of server-sent events."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= LARGEST_STREAM:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def events(self) -> list[str] | None:
        """The data payloads in order; None unless the stream reached the end that its kind of stream has."""
        events = payloads(b"".join(self._pieces))
        return events if events and is_last(events[-1]) else None


def payloads(stream: bytes) -> list[str]:
    """The data of every event of a stream, without those that an unfinished last line would make."""
    events, data = [], []
    for line in stream.decode(errors="replace").replace("\r\n", "\n").split("\n"):
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            events.append("\n".join(data))
            data = []
    return events


def is_last(event: str) -> bool:
    if event == "[DONE]":
        return True
    try:
        kind = json.loads(event)
    except ValueError:
        return False
    return isinstance(kind, dict) and kind.get("type") in LAST_EVENTS
