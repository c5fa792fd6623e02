#!/usr/bin/env python3
"""Sends seeded, mostly wrong requests to a semcached of its own, and checks that nothing but a clean answer comes back.

Every answer is whole HTTP with a status of the contract, none is a 5xx (Redis is up), every refusal is a problem document
that says something. Afterwards the process lives, its memory is bounded, the cache works, it stops politely, and an entry
of a namespace that the fuzzing key is not for is as it was.
"""

import argparse
import collections
import hashlib
import http.client
import json
import multiprocessing
import pathlib
import queue
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

from processes import DidNotStart, Processes
from worker import Violation, Worker

FUZZ_KEY, OWNER_KEY = "fuzz-key", "owner-key"
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "sentinel \u00e9 \U0001f600 \\ \" \n"}]}
RESPONSE = '{ "id":"s","choices":[{"index":0,"message":{"role":"assistant","content":"kept \\u00e9 \\ud83d\\ude00"},"finish_reason":"stop"}],"x":1.50e2 }'


class Failed(Exception):
    """Something is not as it must be."""


class Owner:
    """Calls with a key for every namespace."""

    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {"Authorization": f"Bearer {OWNER_KEY}"})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def store(self, namespace):
        body = f'{{"namespace":"{namespace}","request":{json.dumps(REQUEST)},"response":{RESPONSE},"ttl":86400,"tags":["docs:v2"]}}'
        status, answer = self.call("POST", "/v1/store", body)
        if status != 201:
            raise Failed(f"a store of {namespace} was answered {status} {answer[:300]!r}")
        return json.loads(answer)["entry_id"]

    def stored(self, namespace, identity):
        """What a lookup and a listing say about the entry, without what time changes."""
        status, answer = self.call("POST", "/v1/lookup", json.dumps({"namespace": namespace, "request": REQUEST}))
        response = answer[answer.find(b'"response":') : answer.rfind(b',"saved":')]
        if status != 200 or RESPONSE.strip().encode() not in response:
            raise Failed(f"a lookup of {namespace} was answered {status} {answer[:400]!r}")
        status, answer = self.call("GET", f"/v1/entries/{identity}?namespace={namespace}")
        if status != 200:
            raise Failed(f"the entry of {namespace} was answered {status} {answer[:300]!r}")
        entry = json.loads(answer)
        return response, {name: entry[name] for name in entry if name not in ("age", "ttl", "hits")}


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def work(number, options, port, quota, results):
    """The body of a worker's process."""
    try:
        counts = Worker(number, options.seed, port, FUZZ_KEY.encode(), quota).run(lambda sent: results.put((number, "sent", sent)))
        results.put((number, "done", counts))
    except Violation as violation:
        results.put((number, "violation", (violation.text, violation.sent)))
    except Exception as error:
        results.put((number, "violation", (repr(error), [])))


def gather(options, port, server):
    """Runs the workers; returns what they counted and the largest resident size that was seen."""
    results = multiprocessing.Queue()
    share, rest = divmod(options.requests, options.workers)
    workers = [
        multiprocessing.Process(target=work, args=(number, options, port, share + (number < rest), results), daemon=True)
        for number in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    counts, sent, peak, done = collections.Counter(), {}, 0.0, 0
    deadline, next_line = time.monotonic() + options.seconds, time.monotonic() + 15
    try:
        while done < len(workers):
            try:
                number, what, value = results.get(timeout=1)
            except queue.Empty:
                what = "nothing"
            if what == "sent":
                sent[number] = value
            elif what == "done":
                counts += value
                done += 1
            elif what == "violation":
                raise Violation(*value)
            if server.poll() is not None:
                raise Violation(f"the server ended with status {server.returncode}", [])
            peak = max(peak, resident_mib(server.pid))
            if peak > options.resident_mib:
                raise Violation(f"the resident size is {peak:.0f} MiB, over --resident-mib", [])
            if time.monotonic() > deadline:
                raise Violation(f"not done within {options.seconds} seconds: {sum(sent.values())} requests sent", [])
            if time.monotonic() > next_line:
                next_line += 15
                print(f"{sum(sent.values())} requests, {peak:.0f} MiB resident", file=sys.stderr, flush=True)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    return counts, peak


def print_table(counts):
    statuses = sorted({status for _, status in counts})
    routes = sorted({route for route, _ in counts})
    width = max(len(route) for route in routes)
    print("route".ljust(width), *(f"{status or 'none':>8}" for status in statuses))
    for route in routes:
        print(route.ljust(width), *(f"{counts[route, status] or '':>8}" for status in statuses))
    print("all".ljust(width), *(f"{sum(counts[route, status] for route in routes):>8}" for status in statuses))


def configuration(folder, redis_url):
    keys = [("fuzz", FUZZ_KEY, "fuzz-*"), ("owner", OWNER_KEY, "*")]
    lines = [
        f'  - {{ id: {name}, sha256: "{hashlib.sha256(key.encode()).hexdigest()}", scopes: [read, write, admin], namespaces: ["{pattern}"] }}'
        for name, key, pattern in keys
    ]
    (folder / "keys.yaml").write_text("keys:\n" + "\n".join(lines) + "\n")
    path = folder / "semcached.yaml"
    path.write_text(f"redis: {{ url: '{redis_url}' }}\nsemantic: {{ enabled: false }}\nauth: {{ keys_file: '{folder / 'keys.yaml'}' }}\n")
    return path


def keep_failure(options, violation, log):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="semcached-fuzz-"))
    for place, data in enumerate(violation.sent):
        (folder / f"request-{place:02}.bin").write_bytes(data)
    (folder / "server.log").write_text(log)
    print(f"violation with --seed {options.seed}: {violation.text}\nwhat was sent and the server's log: {folder}", file=sys.stderr)


def run(options, processes):
    redis, redis_url = processes.redis(maxmemory="0")
    server, url = processes.semcached("semcached", options.binary, configuration(processes.path, redis_url))
    port = int(url.rpartition(":")[2])
    owner = Owner(port)
    identity = owner.store("sentinel")
    before = owner.stored("sentinel", identity)
    resident, began = resident_mib(server.pid), time.monotonic()
    try:
        counts, peak = gather(options, port, server)
        elapsed = time.monotonic() - began
        print_table(counts)
        asked = sum(counts.values())
        print(f"{asked} requests in {elapsed:.0f} s, seed {options.seed}; resident {resident:.0f} MiB before, {peak:.0f} MiB at most")
        if owner.stored("sentinel", identity) != before:
            raise Failed("the entry that nobody may touch has changed")
        owner.stored("fuzz-after", owner.store("fuzz-after"))
        processes.stop(server)
        if server.returncode != 0:
            raise Failed(f"the server ended with status {server.returncode}")
    except (Violation, Failed, OSError) as problem:
        violation = problem if isinstance(problem, Violation) else Violation(str(problem), [])
        processes.stop(server)
        keep_failure(options, violation, processes.log_of("semcached"))
        return 1
    print("the server lives, the cache works, the entry of another namespace is untouched")
    return 0


def main():
    parser = argparse.ArgumentParser(prog="Scripts/fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=1200, help="the longest that the run may take")
    parser.add_argument("--resident-mib", type=int, default=512, help="the largest resident size that is accepted")
    options = parser.parse_args()
    try:
        with Processes() as processes:
            return run(options, processes)
    except DidNotStart as failure:
        print(f"fuzz: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
