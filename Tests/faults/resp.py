"""A Redis client of a few lines: one command at a time, replies as bytes, ints, lists and None."""

import socket


class RedisError(Exception):
    """An error that Redis replied."""


class Redis:
    """A connection to 127.0.0.1; every call is answered within `timeout` seconds or raises OSError."""

    def __init__(self, port, timeout=2.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def call(self, *words):
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        return self.reply()

    def reply(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("the connection was closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        size = int(rest)
        if size < 0:
            return None
        if kind == b"$":
            data = self.file.read(size + 2)
            if len(data) != size + 2:
                raise OSError("the connection was closed")
            return data[:-2]
        return [self.reply() for _ in range(size)]

    def keys(self):
        """The names of all keys, by SCAN."""
        names, cursor = set(), b"0"
        while True:
            cursor, page = self.call("SCAN", cursor, "COUNT", 1000)
            names.update(page)
            if cursor == b"0":
                return names


def ask(port, *words, timeout=2.0):
    """One command on a connection of its own."""
    with Redis(port, timeout) as redis:
        return redis.call(*words)


def figures(port, section, timeout=2.0):
    """A section of INFO as a dictionary of texts."""
    lines = ask(port, "INFO", section, timeout=timeout).decode().splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)
