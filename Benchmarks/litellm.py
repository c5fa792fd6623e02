#!/usr/bin/env python3
"""A hit through a LiteLLM proxy: its own Redis cache, and semcached by the plugin, in alternating rounds.

Everything runs on loopback on this machine, so requests a second are a figure of the whole system: compare the ratios
of one run, and the processor time per request. LiteLLM's own cache keeps copies in the process: `one request` is served
from there; `many in turn` are more than it keeps, so that each hit asks Redis. semcached asks Redis for every hit.
"""

import argparse
import json
import pathlib
import secrets
import statistics
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "Examples" / "demo"), str(ROOT / "Examples" / "gateway")]

import bodies
import measure
from processes import DidNotStart, Processes, answers, free_port, wait_until

# More than the copies in LiteLLM's process, which are at most 200.
DISTINCT = 1000
PATH, JSON = "/v1/chat/completions", "application/json"
COLUMNS = ("req/s", "x own", "(range)", "p50 ms", "p99 ms", "CPU us/req", "cache us/req", "Redis us/req", "missed")


class Proxy:
    """A LiteLLM proxy with one worker."""

    def __init__(self, processes, name, upstream, settings, callbacks=None):
        folder = processes.path / name
        folder.mkdir()
        self.key = f"sk-{secrets.token_hex(32)}"
        model = {"model": "openai/gpt-4o", "api_base": f"{upstream}/v1", "api_key": "none"}
        tree = {
            "model_list": [{"model_name": "gpt-4o", "litellm_params": model}],
            "litellm_settings": {"num_retries": 0, "telemetry": False, **settings},
            "callback_settings": callbacks or {},
            "general_settings": {"master_key": self.key},
        }
        (folder / "config.yaml").write_text(json.dumps(tree))
        port = free_port()
        packages = ":".join(str(ROOT / "Examples" / package) for package in ("python", "litellm"))
        program = pathlib.Path(sys.executable).parent / "litellm"
        command = [
            "env",
            f"PYTHONPATH={packages}",
            "LITELLM_LOCAL_MODEL_COST_MAP=True",
            "LITELLM_LOG=ERROR",
            "REDIS_CIRCUIT_BREAKER_ENABLED=false",
        ]
        command += [str(program), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
        self.process = processes.start(name, command, cwd=folder)
        self.url = f"http://127.0.0.1:{port}"
        self.name = name
        self.log = processes.path / f"{name}.log"

    def wait(self):
        wait_until(lambda: answers(f"{self.url}/health/liveliness"), self.name, self.process, bound=120)

    def ask(self, line):
        headers = {"Content-Type": JSON, "Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(self.url + PATH, line.encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers, answer.read()

    def fill(self, lines):
        for line in lines:
            self.ask(line)
        # Both store after their answer.
        wait_until(lambda: is_hit(self.ask(lines[-1])[0]), f"{self.name}: a hit", self.process)


def is_hit(headers):
    """LiteLLM names the key of a hit; where the plugin is, that alone would not tell a hit from a lookup."""
    status = headers.get("Cache-Status")
    return "; hit" in status if status else bool(headers.get("x-litellm-cache-key"))


def upstream_calls(url):
    with urllib.request.urlopen(f"{url}/calls", timeout=30) as answer:
        return json.loads(answer.read())["calls"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each load in a round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--quick", action="store_true", help="2 rounds of 2 seconds")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every figure of every round there")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the semcached to run")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 2, 2
    options.binary = options.binary.resolve()
    with Processes() as processes:
        try:
            table, rounds = run(options, processes)
        except (measure.Broken, DidNotStart, urllib.error.URLError) as failure:
            logs = [path.read_text(errors="replace")[-2000:] for path in processes.path.glob("*.log")]
            sys.exit("\n".join([*logs, f"bench-litellm: {failure}"]))
    print_table(table)
    if options.json:
        figures = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "table": table, "every_round": rounds}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def run(options, processes):
    source = bodies.Bodies(ROOT / "Examples" / "data" / "questions.jsonl")
    lines = [bodies.compact(source.request(f"entry {index}", bodies.ENVELOPE_BYTES)) for index in range(DISTINCT)]
    redis_port = free_port()
    redis, redis_url = processes.redis(port=redis_port, maxmemory="1gb")
    configuration = processes.path / "semcached.yaml"
    configuration.write_text(
        json.dumps({"redis": {"url": redis_url}, "server": {"event_loops": 1}, "semantic": {"enabled": False}})
    )
    server, url = processes.semcached("semcached", options.binary, configuration)
    upstream = processes.python("upstream", ROOT / "Examples" / "gateway" / "upstream.py", "--latency-ms", "0")

    plain = Proxy(processes, "no-cache", upstream, {})
    # Both caches are waited for: on a busy machine LiteLLM's breaker would open, and so would the plugin's.
    patience = {"socket_timeout": 30, "socket_connect_timeout": 30}
    # Its own default is a minute, less than a run takes.
    address = {"type": "redis", "host": "127.0.0.1", "port": redis_port, "ttl": 3600}
    own_cache = {"cache": True, "cache_params": {**address, **patience}}
    own = Proxy(processes, "own-cache", upstream, own_cache)
    plugin = {"semcached": {"url": url, "tenant": "shared", "deadline_ms": 30_000, "connect_deadline_ms": 30_000}}
    ours = Proxy(processes, "plugin", upstream, {"callbacks": ["semcached_litellm.plugin"]}, plugin)
    for proxy in (plain, own, ours):
        proxy.wait()
    for proxy in (own, ours):
        proxy.fill(lines)
    direct = [json.dumps({"namespace": "litellm", "request": json.loads(line)}) for line in lines]
    files = {}
    for name, content in (("one", lines[:1]), ("many", lines), ("direct", direct)):
        files[name] = processes.path / f"{name}.jsonl"
        files[name].write_text("\n".join(content) + "\n")

    def load(proxy, file):
        arguments = [PATH, JSON, str(files[file]), f"Bearer {proxy.key}"]
        watched = [server.pid, redis.pid]
        before = [measure.cpu_seconds(pid) for pid in watched]
        row = measure.load(proxy.url, arguments, options.seconds, proxy.process.pid, connections=options.connections)
        spent = [measure.cpu_seconds(pid) - began for pid, began in zip(watched, before)]
        row["cache_cpu_us"], row["redis_cpu_us"] = (seconds / row["requests"] * 1e6 for seconds in spent)
        return row

    def load_direct():
        row = measure.load(
            url, ["/v1/lookup", JSON, str(files["direct"])], options.seconds, server.pid, redis.pid, options.connections
        )
        row["cache_cpu_us"] = row.pop("cpu_us")
        return {**row, "cpu_us": 0.0}

    cases = {
        "LiteLLM's own cache, one request": lambda: load(own, "one"),
        "LiteLLM's own cache, many in turn": lambda: load(own, "many"),
        "semcached's plugin, one request": lambda: load(ours, "one"),
        "semcached's plugin, many in turn": lambda: load(ours, "many"),
        "no cache, upstream at once": lambda: load(plain, "one"),
        "semcached without a proxy": load_direct,
    }
    seen = {name: [] for name in cases}
    for number in range(options.rounds):
        for name, measured in cases.items():
            before = upstream_calls(upstream)
            row = measured()
            # What wrk gave up at the end is finished before anything is counted again.
            time.sleep(0.5)
            row["missed"] = (upstream_calls(upstream) - before) / row["requests"]
            if row["missed"] > 0.01 and not name.startswith("no cache"):
                raise measure.Broken(f"{name}: {row['missed']:.1%} called the upstream")
            seen[name].append(row)
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    anchor = seen["LiteLLM's own cache, many in turn"]
    return {name: measure.summary(rows, anchor) for name, rows in seen.items()}, seen


def print_table(table):
    print(f"{'':<36}" + "".join(f"{column:>13}" for column in COLUMNS))
    for name, row in table.items():
        spread = f"{row['ratio_least']:.2f}-{row['ratio_most']:.2f}"
        cells = [
            f"{row['per_second']:.0f}",
            f"{row['ratio']:.2f}",
            spread,
            f"{row['p50_ms']:.2f}",
            f"{row['p99_ms']:.2f}",
        ]
        cells += [f"{row[key]:.0f}" for key in ("cpu_us", "cache_cpu_us", "redis_cpu_us")]
        cells.append(f"{row['missed']:.2%}")
        print(f"{name:<36}" + "".join(f"{cell:>13}" for cell in cells))
    idle = statistics.median(row["idle"] for row in table.values())
    print(f"CPU is the proxy's, cache semcached's. The machine was {idle:.0%} idle meanwhile, by the median.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
