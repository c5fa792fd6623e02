"""One load against one server: requests a second, latency, and what processor time it cost whom."""

import json
import os
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def machine_ticks():
    """Idle and all ticks of the machine since it started."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return fields[3] + fields[4], sum(fields)


class Broken(Exception):
    pass


def load(url, arguments, seconds, server=None, redis=None, connections=32):
    """Runs wrk with load.lua; returns one row. `server` and `redis` are pids whose processor time is divided by requests."""
    watched = {"cpu_us": server, "redis_cpu_us": redis}
    before = {name: cpu_seconds(pid) for name, pid in watched.items() if pid}
    idle_before, all_before = machine_ticks()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", str(HERE / "load.lua"), url, "--"]
    run = subprocess.run([*command, *arguments], capture_output=True, text=True)
    if run.returncode:
        raise Broken(run.stderr or run.stdout)
    seen = json.loads(run.stdout.strip().splitlines()[-1])
    idle, total = machine_ticks()
    if not seen["requests"] or seen["refused"] or seen["broken"]:
        raise Broken(f"{url} {arguments[0]}: {seen}")
    row = {
        "requests": seen["requests"],
        "per_second": seen["requests"] / (seen["duration_us"] / 1e6),
        "p50_ms": seen["p50_us"] / 1000,
        "p99_ms": seen["p99_us"] / 1000,
        "idle": (idle - idle_before) / max(1, total - all_before),
    }
    for name, started in before.items():
        row[name] = (cpu_seconds(watched[name]) - started) / seen["requests"] * 1e6
    if server:
        row["rss_mib"] = resident_mib(server)
    return row


def redis_benchmark(port, key, requests, redis):
    """redis-benchmark's GET of one key, without pipelining: what Redis itself can do over as many connections."""
    before = cpu_seconds(redis)
    idle_before, all_before = machine_ticks()
    command = ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-c", "32", "-n", str(requests), "--csv", "GET", key]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    idle, total = machine_ticks()
    names, values = [[cell.strip('"') for cell in line.split(",")] for line in run.stdout.strip().splitlines()[-2:]]
    figures = dict(zip(names, values))
    return {
        "requests": requests,
        "per_second": float(figures["rps"]),
        "p50_ms": float(figures["p50_latency_ms"]),
        "p99_ms": float(figures["p99_latency_ms"]),
        "redis_cpu_us": (cpu_seconds(redis) - before) / requests * 1e6,
        "idle": (idle - idle_before) / max(1, total - all_before),
    }


def summary(rounds, anchor):
    """Medians over the rounds of one case; the ratio is taken inside each round."""
    row = {name: statistics.median(entry[name] for entry in rounds) for name in rounds[0]}
    ratios = [entry["per_second"] / against["per_second"] for entry, against in zip(rounds, anchor)]
    row["ratio"] = statistics.median(ratios)
    row["ratio_least"], row["ratio_most"] = min(ratios), max(ratios)
    return row
