"""What an entry costs in Redis' memory, next to a plain SET of the same answer."""

import socket

import bodies
from processes import free_port

ENTRIES = 10_000


def command(connection, *words):
    """One command over an open socket; returns the first line of the reply, or the whole of a bulk reply."""
    encoded = [word.encode() for word in words]
    connection.sendall(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded))
    with connection.makefile("rb") as reply:
        line = reply.readline().rstrip()
        if line.startswith(b"-"):
            raise RuntimeError(line.decode())
        return reply.read(int(line[1:]) + 2)[:-2].decode() if line.startswith(b"$") else line[1:].decode()


def set_key(port, key, value):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        command(connection, "SET", key, value)


def used_memory(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for line in command(connection, "INFO", "memory").splitlines():
            if line.startswith("used_memory:"):
                return int(line.partition(":")[2])
    raise RuntimeError("INFO memory has no used_memory")


def keys(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        return int(command(connection, "DBSIZE"))


def per_entry(binary, processes, source, poster_type, write_configuration):
    """Bytes per entry for answers of 1.5 KB, with a short request and with one of 600 B; each in a Redis of its own."""
    figures = {"entries": ENTRIES, "answer_bytes": bodies.ANSWER_BYTES}
    for name, size in (("short_request", 0), ("request_600_b", bodies.ENVELOPE_BYTES)):
        port = free_port()
        redis, url = processes.redis(name=f"redis-{name}", port=port, maxmemory="1gb")
        server, address = processes.semcached(f"semcached-{name}", binary, write_configuration(processes.path, url))
        poster = poster_type(address)
        # Scripts, counters and the like are there before the counting begins.
        poster.store(source.request("before", size), source.response("before"))
        memory_before, keys_before, request_bytes = used_memory(port), keys(port), 0
        for index in range(ENTRIES):
            request = source.request(f"memory {index}", size)
            request_bytes += len(bodies.compact(request).encode())
            poster.store(request, source.response(f"{index:08}"))
        figures[name] = {
            "request_bytes": request_bytes / ENTRIES,
            "bytes_per_entry": (used_memory(port) - memory_before) / ENTRIES,
            "keys_per_entry": (keys(port) - keys_before) / ENTRIES,
        }
        processes.stop(server)
        processes.stop(redis)
    port = free_port()
    redis, _ = processes.redis(name="redis-plain", port=port, maxmemory="1gb")
    memory_before = used_memory(port)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for index in range(ENTRIES):
            command(connection, "SET", f"plain:{index:064}", bodies.compact(source.response(f"{index:08}")), "EX", "3600")
    figures["plain_set_bytes"] = (used_memory(port) - memory_before) / ENTRIES
    processes.stop(redis)
    return figures


def print_figures(figures):
    print(f"Redis memory per entry, {figures['entries']} entries with answers of {figures['answer_bytes']} bytes:")
    for name in ("short_request", "request_600_b"):
        row = figures[name]
        print(
            f"  {row['bytes_per_entry']:6.0f} bytes with requests of {row['request_bytes']:.0f} bytes"
            f" ({row['keys_per_entry']:.2f} keys an entry)"
        )
    print(f"  {figures['plain_set_bytes']:6.0f} bytes for the answer alone in a plain SET")
