#!/usr/bin/env python3
"""The semantic tier of running replicas: lookups a second, memory, hydration and lag, at several sizes.

Each size is asked with new questions (so that a lookup embeds, searches and judges) at concurrency 1 and 8, and with
questions whose vectors are at hand, which shows what a lookup takes beyond embedding.
"""

import argparse
import http.client
import json
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

import measure
from processes import Processes, wait_until

# (entries to reach, partitions): the second family of a size begins with an empty Redis.
SHAPES = [(1_000, 1), (10_000, 1), (100_000, 1), (100_000, 10_000)]
QUICK = [(200, 1), (400, 1), (400, 40)]
# Seconds that the filling of one size may take: at a thousand stores a second, twice what is needed.
FILL_BOUND = 240
ANSWER = "It depends on the order of the steps. " * 4


def named(elements, partitions):
    return f"{elements:,} in one partition" if partitions == 1 else f"{partitions:,} partitions of {elements // partitions}"


def line(text, tenant):
    """What `semcachectl warm` stores."""
    messages = [{"role": "user", "content": text}]
    if tenant is not None:
        messages.insert(0, {"role": "system", "content": f"Tenant {tenant}."})
    message = {"role": "assistant", "content": ANSWER}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    response = {"object": "chat.completion", "choices": choices}
    return json.dumps({"request": {"model": "m", "messages": messages}, "response": response})


def texts(words, count, generator):
    """Distinct questions of eight words."""
    found = {}
    while len(found) < count:
        found["how do I " + " ".join(generator.choices(words, k=5)) + "?"] = None
    return list(found)


class Client:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def store(self, line):
        self.connection.request("POST", "/v1/store", line.encode(), {"Content-Type": "application/json"})
        answer = json.loads(self.connection.getresponse().read())
        if answer.get("tiers") != ["exact", "semantic"]:
            raise RuntimeError(f"a store was answered {answer}")

    def index_entries(self):
        self.connection.request("GET", "/metrics")
        for line in self.connection.getresponse().read().decode().splitlines():
            if line.startswith("semcached_index_entries "):
                return int(float(line.split()[1]))
        return 0


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Bench:
    def __init__(self, options, processes):
        self.options, self.processes, self.folder = options, processes, processes.path
        lines = (ROOT / "Examples" / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        self.words = sorted({word.strip("?.,!\"").lower() for line in lines for word in json.loads(line)["text"].split()} - {""})
        self.words = [word for word in self.words if word.isascii() and '"' not in word and "\\" not in word]
        (self.folder / "words").write_text("\n".join(self.words) + "\n")
        self.random = random.Random(1)
        self.rows = []

    def row(self, what, asked, measured, **figures):
        self.rows.append({"what": what, "asked": asked, "measured": measured, **figures})
        print(f"  {what:58} {measured}", flush=True)
        # After every row: a run that is out of time has not been for nothing.
        if self.options.json:
            self.options.json.write_text(json.dumps(self.rows, indent=1))

    def family(self, number, shapes):
        """Sizes that grow in one Redis."""
        redis, url = self.processes.redis(f"redis-{number}", maxmemory="8gb")
        configuration = self.folder / f"semcached-{number}.yaml"
        configuration.write_text(
            f"redis: {{ url: '{url}' }}\nlookup: {{ deadline_ms: 5000 }}\nsemantic: {{ enabled: true }}\n"
            f"embedder: {{ model_dir: '{self.options.model.resolve()}' }}\n"
        )
        first, address = self.processes.semcached(f"first-{number}", self.options.binary.resolve(), configuration)
        self.started = measure.resident_mib(first.pid)
        # Scratch memory and the vectors of the last questions belong to a running replica, not to its entries.
        self.load(address, 0, 8, new=True, seconds=1 if self.options.quick else 4)
        empty, stored = measure.resident_mib(first.pid), 0
        for elements, partitions in shapes:
            name = named(elements, partitions)
            print(name, flush=True)
            began = time.perf_counter()
            stored = self.fill(address, elements - stored, partitions, elements)
            seconds = time.perf_counter() - began
            print(f"  filled in {seconds:.0f} s")
            if stored < elements:
                name = f"{stored:,} of {name} (the rest was out of time)"
            more = (measure.resident_mib(first.pid) - empty) * 1024 * 1024 / stored
            # Below, what the process takes by itself is more than the entries.
            if stored >= 10_000:
                self.row(f"{name}: memory of the replica", "", f"{more:,.0f} bytes an entry more", bytes=more)
            second, other = self.hydration(number, configuration, stored, name)
            self.lag(address, other, partitions, name)
            stored = Client(address).index_entries()
            self.processes.stop(second)
            # The first search of a large partition has its graph made, which a replica in use has behind it.
            self.load(address, 0 if partitions == 1 else partitions, 1, new=False, seconds=1)
            self.settle(first.pid)
            self.lookups(address, partitions, name)
        self.processes.stop(first)
        self.processes.stop(redis)

    @staticmethod
    def settle(pid, bound=120):
        """Waits until the process has nothing to do any more."""
        deadline = time.monotonic() + bound
        while time.monotonic() < deadline:
            before = measure.cpu_seconds(pid)
            time.sleep(1)
            if measure.cpu_seconds(pid) - before < 0.1:
                return

    def fill(self, address, count, partitions, seed):
        """Stores until there are so many, or until the time is up; gives how many there are."""
        path = self.folder / f"fill-{seed}-{partitions}.jsonl"
        with path.open("w") as file:
            for number, text in enumerate(texts(self.words, count, self.random)):
                file.write(line(text, None if partitions == 1 else number % partitions) + "\n")
        warm = [str(self.options.control), "--url", address, "warm", str(path), "--concurrency", "16", "--output", "json"]
        try:
            run = subprocess.run(warm, capture_output=True, text=True, timeout=FILL_BOUND)
            if run.returncode:
                raise RuntimeError(f"semcachectl warm: {run.stderr}")
        except subprocess.TimeoutExpired:
            pass
        path.unlink()
        return Client(address).index_entries()

    def hydration(self, number, configuration, stored, name):
        began = time.perf_counter()
        binary = self.options.binary.resolve()
        second, other = self.processes.semcached(f"second-{number}-{stored}", binary, configuration)
        client = Client(other)
        wait_until(lambda: client.index_entries() >= stored, "the second replica's index", bound=120)
        seconds = time.perf_counter() - began
        asked = "ready <= 5 s" if stored >= 100_000 else ""
        self.row(f"{name}: start of a replica until it knows all", asked, f"{seconds:.2f} s", seconds=seconds)
        if stored >= 10_000:
            more = (measure.resident_mib(second.pid) - self.started) * 1024 * 1024 / stored
            self.row(f"{name}: memory of a replica that has started", "", f"{more:,.0f} bytes an entry more", bytes=more)
        return second, other

    def lag(self, address, other, partitions, name):
        writer, client, lags = Client(address), Client(other), []
        for text in texts(self.words, self.options.writes, self.random):
            expected = client.index_entries() + 1
            writer.store(line(text, None if partitions == 1 else 0))
            began = time.perf_counter()
            while client.index_entries() < expected:
                pass
            lags.append((time.perf_counter() - began) * 1000)
        p50, p99 = percentile(lags, 0.5), percentile(lags, 0.99)
        self.row(f"{name}: a store is known to the other replica", "p99 <= 100 ms", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", p50_ms=p50, p99_ms=p99)

    def lookups(self, address, partitions, name):
        tenants = 0 if partitions == 1 else partitions
        for connections in (1, 8):
            seen = self.load(address, tenants, connections, new=True)
            rate = seen["requests"] / (seen["duration_us"] / 1e6)
            p50, p99 = seen["p50_us"] / 1000, seen["p99_us"] / 1000
            self.row(
                f"{name}: new questions, concurrency {connections}", "",
                f"{rate:,.0f} a second, p50 {p50:.2f} ms, p99 {p99:.2f} ms", per_second=rate, p50_ms=p50, p99_ms=p99,
            )
        # The first time round the vectors are computed; they are at hand for the measured one.
        self.load(address, tenants, 1, new=False, seconds=2)
        seen = self.load(address, tenants, 1, new=False)
        p50, p99 = seen["p50_us"] / 1000, seen["p99_us"] / 1000
        asked = "p50 <= 2 ms" if partitions == 1 else ""
        self.row(f"{name}: a lookup beyond embedding", asked, f"p50 {p50:.2f} ms, p99 {p99:.2f} ms", p50_ms=p50, p99_ms=p99)

    def load(self, address, tenants, connections, new, seconds=None):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or self.options.seconds}s", "--timeout", "10s"]
        command += ["-s", str(HERE / "semantic.lua"), address, "--", str(self.folder / "words"), str(tenants), "0" if new else "500"]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(run.stderr or run.stdout)
        seen = json.loads(run.stdout.strip().splitlines()[-1])
        if seen["broken"] or seen["unavailable"] or seen["bypassed"] or not seen["requests"]:
            raise RuntimeError(f"lookups failed: {seen}")
        return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes and short runs: whether it works")
    parser.add_argument("--seconds", type=int, help="of each load (8; 2 when quick)")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the folder of the embedding model")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the semcached to run")
    parser.add_argument("--control", type=pathlib.Path, help="the semcachectl to run; else the one beside it")
    parser.add_argument("--json", type=pathlib.Path, help="where the rows go")
    options = parser.parse_args()
    options.seconds = options.seconds or (2 if options.quick else 8)
    options.writes = 50 if options.quick else 300
    options.control = options.control or options.binary.parent / "semcachectl"
    families = {}
    for elements, partitions in QUICK if options.quick else SHAPES:
        families.setdefault(partitions, []).append((elements, partitions))
    with Processes() as processes:
        bench = Bench(options, processes)
        for number, shapes in enumerate(families.values(), 1):
            bench.family(number, shapes)


if __name__ == "__main__":
    main()
