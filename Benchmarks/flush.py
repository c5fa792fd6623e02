"""How long a flush of many entries takes, and whether reclaiming their memory keeps Redis from answering."""

import json
import socket
import time

import bodies
import measure
import memory
from processes import free_port, wait_until

SLOW_MICROSECONDS = 10_000


def slow_calls(port):
    """How many commands took Redis 10 ms or more since the last reset."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        return int(memory.command(connection, "SLOWLOG", "LEN"))


def run(entries, binary, processes, source, poster_type, write_configuration):
    port = free_port()
    redis, url = processes.redis(port=port, maxmemory="8gb")
    server, address = processes.semcached("semcached", binary, write_configuration(processes.path, url))
    poster = poster_type(address)
    file = processes.path / "flush.jsonl"
    answer = {"object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Yes."}}]}
    file.write_text(bodies.store({"model": "m", "messages": [{"role": "user", "content": "@" * 10}]}, answer) + "\n")
    while memory.keys(port) < entries:
        measure.load(address, ["/v1/store", "application/json", str(file)], 5, server.pid, redis.pid, connections=64)
    stored = int(json.loads(poster.post("/v1/flush", '{"namespace":"bench","dry_run":true}')[1])["flushed"])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        memory.command(connection, "CONFIG", "SET", "slowlog-log-slower-than", str(SLOW_MICROSECONDS))
        memory.command(connection, "SLOWLOG", "RESET")
    began = time.perf_counter()
    status, body = poster.post("/v1/flush", '{"namespace":"bench"}')
    flush_ms = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    wait_until(lambda: memory.keys(port) < 1000, "reclaiming", bound=300)
    figures = {
        "entries": stored,
        "flush_ms": flush_ms,
        "flushed": int(json.loads(body)["flushed"]),
        "reclaim_seconds": time.perf_counter() - began,
        "slow_redis_calls": slow_calls(port),
    }
    if status != 200 or stored < entries or figures["flushed"] != stored:
        raise measure.Broken(f"flush: answered {status} {body[:200]!r}, {stored} were stored")
    processes.stop(server)
    processes.stop(redis)
    return figures


def print_figures(figures):
    print(
        f"flush of {figures['entries']} entries answered in {figures['flush_ms']:.1f} ms, memory reclaimed in"
        f" {figures['reclaim_seconds']:.0f} s, Redis calls of 10 ms or more meanwhile: {figures['slow_redis_calls']}"
    )
