#!/usr/bin/env python3
"""TCP relays on loopback that can be made faulty, in a process of their own.

Commands come as JSON lines on stdin, each answered by one on stdout:
    {"listen": NAME, "to": PORT}                 -> {"port": PORT}
    {"fault": NAME, "kind": KIND, "value": N}    -> {}
    {"count": true}                              -> {"cuts": N, "silenced": N}
Kinds: none; delay (replies come N ms later); slow (replies come N bytes each 20 ms); cuts (one in N pieces of a reply is sent
in part and its connection is reset); silence (connections through which anything is sent meanwhile are never heard of
again, not even their end; new ones are accepted and never answered).
"""

import asyncio
import json
import random
import socket
import struct
import sys

SLOW_PAUSE = 0.02


class Relay:
    """One address; `kind` and `value` are what is wrong with it now."""

    def __init__(self, port, seed):
        self.port, self.kind, self.value = port, "none", 0
        self.draw = random.Random(seed)
        self.cuts = self.silenced = 0


class Link:
    """Both directions of one connection."""

    def __init__(self, relay):
        self.relay, self.is_dead = relay, False

    def silence(self):
        if not self.is_dead:
            self.relay.silenced += 1
        self.is_dead = True


class Side(asyncio.Protocol):
    """What reads from one end and writes to the other."""

    def __init__(self, link, carries_replies):
        self.link, self.carries_replies = link, carries_replies
        self.transport = self.partner = None
        self.early, self.waiting, self.timer, self.has_ended = [], bytearray(), None, False

    def connection_made(self, transport):
        self.transport = transport
        if self.carries_replies:
            return
        if self.link.relay.kind == "silence":
            self.link.silence()
        else:
            self.task = asyncio.ensure_future(self.connect())

    async def connect(self):
        back = Side(self.link, True)
        try:
            await asyncio.get_running_loop().create_connection(lambda: back, "127.0.0.1", self.link.relay.port)
        except OSError:
            return self.reset(self.transport)
        self.partner, back.partner = back, self
        if self.transport.is_closing():
            return back.transport.abort()
        for data in self.early:
            self.data_received(data)

    def data_received(self, data):
        link, relay = self.link, self.link.relay
        if relay.kind == "silence":
            link.silence()
        if link.is_dead:
            return
        if self.partner is None:
            return self.early.append(data)
        other = self.partner.transport
        if other.is_closing():
            return
        if self.carries_replies and relay.kind == "cuts" and relay.draw.randrange(relay.value) == 0:
            relay.cuts += 1
            link.is_dead = True
            other.write(data[: relay.draw.randrange(len(data) + 1)])
            self.reset(other)
            return self.transport.abort()
        if self.carries_replies and (self.timer or relay.kind in ("delay", "slow")):
            self.waiting += data
            if self.timer is None:
                self.later()
            return
        other.write(data)

    def later(self):
        relay = self.link.relay
        pause = relay.value / 1000 if relay.kind == "delay" else SLOW_PAUSE
        self.timer = asyncio.get_running_loop().call_later(pause, self.send_waiting)

    def send_waiting(self):
        relay, self.timer = self.link.relay, None
        size = relay.value if relay.kind == "slow" else len(self.waiting)
        other = self.partner.transport
        if self.link.is_dead or other.is_closing():
            return self.waiting.clear()
        other.write(bytes(self.waiting[:size]))
        del self.waiting[:size]
        if self.waiting:
            self.later()
        elif self.has_ended:
            other.close()

    @staticmethod
    def reset(transport):
        """With this option a close is a reset."""
        if transport.is_closing():
            return
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    def connection_lost(self, error):
        self.has_ended = True
        # A silenced end learns nothing, as behind a router that drops everything.
        if self.partner is None or self.partner.transport is None:
            return
        if self.link.is_dead and self.carries_replies:
            return
        if not self.waiting:
            self.partner.transport.close()


class Control:
    """What the driver asks for."""

    def __init__(self):
        self.relays = {}
        self.servers = []

    async def answer(self, command):
        if "listen" in command:
            relay = Relay(command["to"], command["listen"])
            self.relays[command["listen"]] = relay
            server = await asyncio.get_running_loop().create_server(lambda: Side(Link(relay), False), "127.0.0.1", 0)
            self.servers.append(server)
            return {"port": server.sockets[0].getsockname()[1]}
        if "fault" in command:
            relay = self.relays[command["fault"]]
            relay.kind, relay.value = command["kind"], command.get("value", 0)
            return {}
        return {
            "cuts": sum(relay.cuts for relay in self.relays.values()),
            "silenced": sum(relay.silenced for relay in self.relays.values()),
        }

    async def run(self):
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            print(json.dumps(await self.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(Control().run())
