#!/usr/bin/env python3
"""semcached on one event loop against webdis and redis-benchmark on the same Redis, in alternating rounds.

Everything runs on loopback on this machine, so requests a second are a figure of the whole system: compare the ratios of
one run, and the processor time per request. Webdis answers GETs of one key; semcached parses, canonicalizes and hashes.
"""

import argparse
import http.client
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

import bodies
import flush
import measure
import memory
from processes import DidNotStart, Processes, answers, free_port, wait_until

DISTINCT = 10_000
JSON, EVENTS = "application/json", "text/event-stream"
COLUMNS = ("req/s", "x webdis", "(range)", "p50 ms", "p99 ms", "CPU us/req", "Redis us/req", "RSS MiB")


class Case:
    """A kind of request, the file that holds its bodies, and how its answer begins."""

    def __init__(self, name, path, accept, lines, status, expected):
        self.name = name
        self.path = path
        self.accept = accept
        self.lines = lines
        self.status = status
        self.expected = expected
        self.file = None

    def write(self, folder):
        self.file = folder / (self.name.replace(" ", "-").replace(",", "") + ".jsonl")
        self.file.write_text("\n".join(self.lines) + "\n", encoding="utf-8")

    def probe(self, poster):
        """Raises unless the server answers what this case is about."""
        line = self.lines[len(self.lines) // 2].replace("@" * 10, "0000000000")
        status, answer = poster.post(self.path, line, self.accept)
        if status != self.status or self.expected not in answer.replace(b'": "', b'":"'):
            raise measure.Broken(f"{self.name}: answered {status} {answer[:300]!r}")


class Poster:
    """Posts over one kept connection."""

    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)

    def post(self, path, body, accept=JSON):
        headers = {"Content-Type": JSON, "Accept": accept}
        self.connection.request("POST", path, body.encode(), headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def store(self, request, response):
        status, answer = self.post("/v1/store", bodies.store(request, response))
        if status != 201:
            raise measure.Broken(f"store: answered {status} {answer[:300]!r}")

    def stores(self, request, response):
        return self.post("/v1/store", bodies.store(request, response))[0] == 201


def make_cases(source, poster):
    """Fills the cache and returns what will be asked."""
    mark = "@" * 10
    one = source.request("one", bodies.ENVELOPE_BYTES)
    poster.store(one, source.response("one"))
    large = source.conversation("large", 20_000)
    poster.store(large, source.response("large"))
    many, stores = [], []
    for index in range(DISTINCT):
        request, response = source.request(f"entry {index}", bodies.ENVELOPE_BYTES), source.response(f"{index:08}")
        poster.store(request, response)
        many.append(bodies.lookup(request))
        if index < 2_000:
            stores.append(bodies.store(source.request(f"store {index}", bodies.ENVELOPE_BYTES), response))
    absent = source.request(f"absent {mark}", bodies.ENVELOPE_BYTES)
    hit, miss = b'"status":"hit"', b'"status":"miss"'
    return [
        Case("hit", "/v1/lookup", JSON, [bodies.lookup(one)], 200, hit),
        Case(f"hit, {DISTINCT:,} entries in turn".replace(",", ""), "/v1/lookup", JSON, many, 200, hit),
        Case("hit, replayed as a stream", "/v1/lookup", EVENTS, [bodies.lookup(bodies.streamed(one))], 200, b"data: [DONE]"),
        Case("hit, request of 20 KB", "/v1/lookup", JSON, [bodies.lookup(large)], 200, hit),
        Case("miss, with a lease", "/v1/lookup", JSON, [bodies.lookup(absent)], 200, miss),
        Case("miss, without a lease", "/v1/lookup", JSON, [bodies.lookup(absent, lease=False)], 200, miss),
        Case("store", "/v1/store", JSON, stores, 201, b'"stored"'),
    ]


def start_webdis(processes, redis_port):
    """A fresh one: 0.1.9 answers one reply behind once a client has cut its connections."""
    port = free_port()
    configuration = processes.path / "webdis.json"
    settings = {"redis_host": "127.0.0.1", "redis_port": redis_port, "http_host": "127.0.0.1", "http_port": port}
    settings |= {"threads": 1, "pool_size": 4, "daemonize": False, "websockets": False, "database": 0, "verbosity": 0}
    configuration.write_text(json.dumps({**settings, "logfile": str(processes.path / "webdis.out")}))
    process = processes.start("webdis", ["webdis", str(configuration)])
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/PING"), "webdis", process)
    return process, f"http://127.0.0.1:{port}"


def write_configuration(folder, redis_url):
    path = folder / "semcached.yaml"
    lines = ["server: { event_loops: 1 }", f"redis: {{ url: '{redis_url}' }}", "semantic: { enabled: false }"]
    path.write_text("\n".join(lines) + "\n")
    return path


def start_cluster(options, processes, source):
    """A replica before a cluster of one server, so that the difference is what finding the server costs."""
    port = next(port for port in iter(free_port, None) if port + 10_000 < 65_536)
    arguments = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]
    redis, _ = processes.redis("redis-cluster", port=port, maxmemory="1gb", arguments=arguments)
    subprocess.run(["redis-cli", "-p", str(port), "CLUSTER", "ADDSLOTSRANGE", "0", "16383"], check=True, stdout=subprocess.DEVNULL)
    folder = processes.path / "cluster"
    folder.mkdir()
    configuration = write_configuration(folder, f"redis-cluster://127.0.0.1:{port}")
    server, url = processes.semcached("semcached-cluster", options.binary, configuration)
    one = source.request("one", bodies.ENVELOPE_BYTES)
    poster = Poster(url)
    wait_until(lambda: poster.stores(one, source.response("one")), "the cluster", server)
    case = Case("hit, through a cluster", "/v1/lookup", JSON, [bodies.lookup(one)], 200, b'"status":"hit"')
    case.write(folder)
    case.probe(poster)
    return case, url, server, redis


def run_rounds(options, processes, source):
    redis_port = free_port()
    redis, redis_url = processes.redis(port=redis_port, maxmemory="1gb")
    server, url = processes.semcached("semcached", options.binary, write_configuration(processes.path, redis_url))
    poster = Poster(url)
    memory.set_key(redis_port, "k1", bodies.compact(source.response("anchor")))
    cases = make_cases(source, poster)
    for case in cases:
        case.write(processes.path)
        case.probe(poster)

    in_cluster, cluster_url, cluster_server, cluster_redis = start_cluster(options, processes, source)
    seen = {name: [] for name in ["webdis", *(case.name for case in cases), in_cluster.name, "redis-benchmark"]}
    for number in range(options.rounds):
        webdis, webdis_url = start_webdis(processes, redis_port)
        row = measure.load(webdis_url, ["/GET/k1.txt"], options.seconds, webdis.pid, redis.pid)
        seen["webdis"].append(row)
        processes.stop(webdis)
        for case in cases:
            arguments = [case.path, case.accept, str(case.file)]
            seen[case.name].append(measure.load(url, arguments, options.seconds, server.pid, redis.pid))
        arguments = [in_cluster.path, in_cluster.accept, str(in_cluster.file)]
        seen[in_cluster.name].append(
            measure.load(cluster_url, arguments, options.seconds, cluster_server.pid, cluster_redis.pid)
        )
        count = int(row["per_second"] * options.seconds)
        seen["redis-benchmark"].append(measure.redis_benchmark(redis_port, "k1", count, redis.pid))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    # What was measured is still what was meant.
    poster = Poster(url)
    for case in cases:
        case.probe(poster)
    return {name: measure.summary(rows, seen["webdis"]) for name, rows in seen.items()}, seen


def print_table(table):
    print(f"{'':<28}" + "".join(f"{column:>13}" for column in COLUMNS))
    for name, row in table.items():
        spread = f"{row['ratio_least']:.2f}-{row['ratio_most']:.2f}"
        cells = [f"{row['per_second']:.0f}", f"{row['ratio']:.2f}", spread, f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}"]
        cells += [f"{row[key]:.1f}" if key in row else "" for key in ("cpu_us", "redis_cpu_us", "rss_mib")]
        print(f"{name:<28}" + "".join(f"{cell:>13}" for cell in cells))
    idle = [row["idle"] for row in table.values()]
    print(f"the machine was {min(idle):.0%} to {max(idle):.0%} idle meanwhile")


def soak(options, processes, source):
    """Lookups of every kind, and stores, in turn; prints the resident size after every 100,000 of them."""
    redis_port = free_port()
    redis, redis_url = processes.redis(port=redis_port, maxmemory="256mb")
    server, url = processes.semcached("semcached", options.binary, write_configuration(processes.path, redis_url))
    cases = make_cases(source, Poster(url))
    for case in cases:
        case.write(processes.path)
    total, mark, points = 0, 0, []
    print(f"{'requests':>12} {'RSS MiB':>10} {'Redis RSS MiB':>14}")
    while total < options.soak:
        for case in cases:
            total += measure.load(url, [case.path, case.accept, str(case.file)], 1, server.pid, redis.pid)["requests"]
            if total >= mark:
                points.append((total, measure.resident_mib(server.pid)))
                print(f"{total:>12} {points[-1][1]:>10.1f} {measure.resident_mib(redis.pid):>14.1f}", flush=True)
                mark = (total // 100_000 + 1) * 100_000
    early = next((size for count, size in points if count >= total / 5), points[0][1])
    print(f"resident size after a fifth of it {early:.1f} MiB, at the end {points[-1][1]:.1f} MiB")
    return {"points": points}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each load in a round")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 2 seconds")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every figure of every round there")
    parser.add_argument("--soak", type=int, nargs="?", const=1_000_000, metavar="N", help="instead: N requests, watching memory")
    parser.add_argument("--memory", action="store_true", help="only the Redis memory per entry")
    parser.add_argument("--flush", type=int, nargs="?", const=1_000_000, metavar="N", help="instead: a flush of N entries")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the semcached to run")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 2, 2
    options.binary = options.binary.resolve()
    source = bodies.Bodies(ROOT / "Examples" / "data" / "questions.jsonl")
    figures = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "rounds": options.rounds, "seconds": options.seconds}
    with Processes() as processes:
        try:
            if options.soak:
                figures["soak"] = soak(options, processes, source)
            elif options.flush:
                figures["flush"] = flush.run(options.flush, options.binary, processes, source, Poster, write_configuration)
                flush.print_figures(figures["flush"])
            else:
                if not options.memory:
                    figures["table"], figures["every_round"] = run_rounds(options, processes, source)
                    print_table(figures["table"])
                figures["memory"] = memory.per_entry(options.binary, processes, source, Poster, write_configuration)
                memory.print_figures(figures["memory"])
        except (measure.Broken, DidNotStart) as failure:
            sys.exit(f"bench: {failure}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
