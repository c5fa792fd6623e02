"""What replicas cost Redis, measured with a few of them and added up for many.

    scale.py --binary scale-bench [--seconds 5] [--quick] [--json FILE]

Starts a redis-server, and then a cluster of three, runs followers of the change log and somebody who stores, and reads
from Redis what that costs it: CPU time and bytes sent. The tables at the end add up those unit costs for sizes that no
single machine holds; that part is arithmetic, and says so.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        while True:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            if port + 10000 < 65536:
                return port
            probe.close()
            probe = socket.socket()


def ask(port, *words):
    out = subprocess.run(["redis-cli", "-p", str(port), *words], capture_output=True, text=True, check=True, timeout=20)
    return out.stdout


class Servers:
    """Redis servers of this run, in a folder of their own, stopped by their pids."""

    def __init__(self, cluster):
        self.folder = tempfile.mkdtemp(prefix="semcached-scale-")
        self.ports = [free_port() for _ in range(3 if cluster else 1)]
        self.processes = []
        for port in self.ports:
            folder = f"{self.folder}/{port}"
            os.mkdir(folder)
            words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
                     "--appendonly", "no", "--loglevel", "warning"]
            if cluster:
                words += ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]
            self.processes.append(subprocess.Popen(words, stdout=subprocess.DEVNULL))
        for port in self.ports:
            self.wait(lambda: "PONG" in ask(port, "PING"))
        if cluster:
            for place, port in enumerate(self.ports):
                first, end = place * 16384 // 3, (place + 1) * 16384 // 3
                ask(port, "CLUSTER", "ADDSLOTSRANGE", str(first), str(end - 1))
                ask(port, "CLUSTER", "MEET", "127.0.0.1", str(self.ports[0]))
            for port in self.ports:
                self.wait(lambda: "cluster_state:ok" in ask(port, "CLUSTER", "INFO")
                          and "cluster_known_nodes:3" in ask(port, "CLUSTER", "INFO"))
        scheme = "redis-cluster" if cluster else "redis"
        self.url = f"{scheme}://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    @staticmethod
    def wait(condition):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except subprocess.SubprocessError:
                pass
            time.sleep(0.05)
        raise SystemExit("redis-server did not come up within a minute")

    def counters(self):
        """CPU seconds and bytes sent since the start, and entries, of all servers."""
        cpu = sent = 0.0
        for port in self.ports:
            info = dict(line.split(":", 1) for line in ask(port, "INFO", "everything").splitlines() if ":" in line)
            cpu += float(info["used_cpu_user"]) + float(info["used_cpu_sys"])
            sent += float(info["total_net_output_bytes"])
        return cpu, sent

    def stop(self):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


def run(binary, servers, seconds, replicas, stores, delay):
    """One measurement: what one second costs."""
    words = [binary, "--redis", servers.url, "--seconds", str(seconds), "--replicas", str(replicas),
             "--stores", str(stores), "--delay", str(delay)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline().strip() != "begin":
        raise SystemExit("scale-bench did not begin")
    cpu, sent = servers.counters()
    result = json.loads(process.stdout.readline())
    cpu_after, sent_after = servers.counters()
    process.wait(timeout=60)
    return {
        "replicas": replicas, "stores": stores, "delay": delay,
        "redis_ms": (cpu_after - cpu) / seconds * 1e3, "sent_kb": (sent_after - sent) / seconds / 1e3,
        "process_ms": result["process_cpu"] / seconds * 1e3, "delay_ms": result["delay_ms"],
        "applied": result["applied"], "stored": result["stored"],
    }


def measure(binary, cluster, seconds, quick):
    servers = Servers(cluster)
    rows = []
    try:
        default = 25 if cluster else 5
        for delay in [default, 100]:
            for stores in [0, 50, 1500]:
                base = run(binary, servers, seconds, 0, stores, delay)
                many = run(binary, servers, seconds, 4 if quick else 8, stores, delay)
                for name in ["redis_ms", "sent_kb"]:
                    many[name] = max(0.0, many[name] - base[name]) / many["replicas"]
                many["process_ms"] = max(0.0, many["process_ms"] - base["process_ms"]) / many["replicas"]
                rows.append(many)
                print(f"{'cluster' if cluster else 'single':8} gather {delay:3} ms, {stores:4} stores/s: "
                      f"a replica costs Redis {many['redis_ms']:6.2f} ms and {many['sent_kb']:7.1f} KB a second, "
                      f"itself {many['process_ms']:6.2f} ms; a change took {many['delay_ms']:.0f} ms", flush=True)
    finally:
        servers.stop()
    return rows


def unit_costs(rows, delay, cluster):
    """Of one replica: a second without changes, one look at the logs that finds some, one change; least is nothing.

    In a cluster the logs are looked at all the time, so that only changes cost more than none.
    """
    idle, few, many = sorted((row for row in rows if row["delay"] == delay), key=lambda row: row["stores"])
    units = {}
    for name in ["redis_ms", "sent_kb", "process_ms"]:
        extra = [max(0.0, row[name] - idle[name]) for row in (few, many)]
        looks = [0 if cluster else min(row["stores"], 1000 / delay) for row in (few, many)]
        change = extra[1] / many["stores"]
        look = 0.0
        if not cluster:
            look = max(0.0, extra[0] - few["stores"] * change) / looks[0]
            change = max(0.0, extra[1] - looks[1] * look) / many["stores"]
        units[name] = (idle[name], look, change)
    return units


def cost(units, name, stores, delay, cluster):
    idle, look, change = units[name]
    return idle + (0 if cluster else min(stores, 1000 / delay)) * look + stores * change


def print_units(name, rows, delay, cluster):
    units = unit_costs(rows, delay, cluster)
    idle, look, change = units["redis_ms"]
    print(f"{name:8} gather {delay:3} ms: Redis {idle:.2f} ms a second without changes, {look * 1e3:.0f} us a look that finds "
          f"some, {change * 1e3:.2f} us and {units['sent_kb'][2] * 1e3:.0f} bytes a change; "
          f"the replica {units['process_ms'][2] * 1e3:.0f} us a change")


def table(single, cluster):
    """What many replicas cost, added up."""
    kinds = [("single", single, 5, False), ("single", single, 100, False), ("cluster", cluster, 25, True),
             ("cluster", cluster, 100, True)]
    print("\nUnit costs of one replica:")
    for name, rows, delay, is_cluster in kinds:
        print_units(name, rows, delay, is_cluster)
    print("\nAdded up, which is arithmetic on these (local index):")
    print(f"{'replicas':>8} {'stores/s':>8} {'gather':>7} {'Redis':>8} {'cores of Redis':>14} {'MB/s sent':>10} "
          f"{'MB/s a replica':>14} {'a core of each':>14}")
    for replicas, stores in [(3, 20), (10, 100), (30, 500), (100, 500), (100, 2000), (100, 5000)]:
        for name, rows, delay, is_cluster in kinds:
            units = unit_costs(rows, delay, is_cluster)
            cores = replicas * cost(units, "redis_ms", stores, delay, is_cluster) / 1e3
            sent = cost(units, "sent_kb", stores, delay, is_cluster) / 1e3
            own = cost(units, "process_ms", stores, delay, is_cluster) / 1e3
            print(f"{replicas:8} {stores:8} {delay:4} ms {name:>8} {cores:14.2f} {replicas * sent:10.1f} {sent:14.2f} "
                  f"{own * 100:12.1f} %")


def check(binary, seconds, single, cluster):
    """The arithmetic beside a run: a hundred followers at once, which is what one machine still carries."""
    print("\nThe arithmetic beside a run of 100 followers and 500 stores/s, gather 100 ms:")
    for name, rows, is_cluster in [("single", single, False), ("cluster", cluster, True)]:
        servers = Servers(is_cluster)
        try:
            base = run(binary, servers, seconds, 0, 500, 100)
            many = run(binary, servers, seconds, 100, 500, 100)
        finally:
            servers.stop()
        units = unit_costs(rows, 100, is_cluster)
        predicted = 100 * cost(units, "redis_ms", 500, 100, is_cluster) / 1e3
        sent = 100 * cost(units, "sent_kb", 500, 100, is_cluster) / 1e3
        print(f"{name:8} Redis {predicted:.2f} cores and {sent:.1f} MB/s added up, "
              f"{(many['redis_ms'] - base['redis_ms']) / 1e3:.2f} and {(many['sent_kb'] - base['sent_kb']) / 1e3:.1f} measured; "
              f"a change took {many['delay_ms']:.0f} ms; of {many['stored'] * 100} changes {many['applied']} were applied "
              f"by the end")


def main():
    parser = argparse.ArgumentParser(description="what replicas cost Redis, measured with a few and added up for many")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    seconds = 2 if options.quick else options.seconds
    single = measure(options.binary, False, seconds, options.quick)
    cluster = measure(options.binary, True, seconds, options.quick)
    table(single, cluster)
    if not options.quick:
        check(options.binary, seconds, single, cluster)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"single": single, "cluster": cluster}, file, indent=1)


main()
