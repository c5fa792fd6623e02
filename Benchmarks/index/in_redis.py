"""What a search inside of Redis costs: vector sets, vector sets in shards, and a search index, on the same vectors.

Asks Redis what the daemon asks it, without the daemon: the cost of reading the candidates' entries is not in here.
"""

import argparse
import hashlib
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy

import vectors

PREFIX = b"semcached:"
MODEL = b"\x01" * 8
CANDIDATES = 8
EXPIRY = 4_000_000_000_000


class Redis:
    """A private server and one connection to it."""

    def __init__(self, folder, module):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.directory = tempfile.mkdtemp(prefix="semcached-bench-")
        command = [str(folder / "redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", self.directory, "--loglevel", "warning"]
        if module:
            command += ["--loadmodule", str(folder / "redisearch.so")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(400):
            try:
                self.socket = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                time.sleep(0.05)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.replies = self.socket.makefile("rb")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _encode(words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)

    def _reply(self):
        line = self.replies.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind in b"+:":
            return rest
        count = int(rest)
        if count < 0:
            return None
        if kind == b"$":
            return self.replies.read(count + 2)[:-2]
        return [self._reply() for _ in range(count)]

    def __call__(self, *words):
        self.socket.sendall(self._encode(words))
        return self._reply()

    def pipeline(self, commands):
        self.socket.sendall(b"".join(map(self._encode, commands)))
        return [self._reply() for _ in commands]

    def info(self, section):
        lines = self("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def cpu(self):
        """Seconds of CPU of all of its threads."""
        info = self.info("cpu")
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def memory(self):
        return int(self.info("memory")["used_memory"])


def fingerprint(number):
    return hashlib.sha256(b"%d" % number).digest()


def directory(number):
    """The commands with which the daemon notes where an element is."""
    key = PREFIX + b"{b%02d}:i:" % (fingerprint(number)[0] & 63) + MODEL + b"default"
    return ("HSETNX", key, fingerprint(number), b"\x02" * 17 + EXPIRY.to_bytes(8, "big"))


class VectorSets:
    def __init__(self, redis, shard_size):
        self.redis, self.shard_size = redis, shard_size

    def _key(self, shard):
        return PREFIX + b"{b%02d}:s:" % shard + b"\x02" * 16 + bytes([shard])

    def add(self, numbers, rows):
        for start in range(0, len(numbers), 4):
            some = range(start, min(start + 4, len(numbers)))
            self.redis.pipeline([directory(numbers[i]) for i in some])
            self.redis.pipeline(
                [
                    ("VADD", self._key(numbers[i] // self.shard_size), "FP32", rows[i].tobytes(), fingerprint(numbers[i]), "Q8")
                    for i in some
                ]
            )

    def nearest(self, vector, exploration, elements):
        shards = range((elements + self.shard_size - 1) // self.shard_size)
        words = ["FP32", vector.tobytes(), "WITHSCORES", "COUNT", CANDIDATES, "EF", exploration]
        found = []
        for reply in self.redis.pipeline([("VSIM", self._key(shard), *words) for shard in shards]):
            found += [(-float(reply[i + 1]), reply[i]) for i in range(0, len(reply), 2)]
        return [entry for _, entry in sorted(found)[:CANDIDATES]]

    def remove(self, number):
        self.redis("VREM", self._key(number // self.shard_size), fingerprint(number))


class SearchIndex:
    INDEX, HASHES = PREFIX + b"x:0", PREFIX + b"h:0:"
    TAG = "02" * 16

    def __init__(self, redis, dimensions):
        self.redis = redis
        schema = f"SCHEMA p TAG v VECTOR HNSW 10 TYPE FLOAT32 DIM {dimensions} DISTANCE_METRIC COSINE M 16 EF_CONSTRUCTION 200"
        redis("FT.CREATE", self.INDEX, "ON", "HASH", "PREFIX", 1, self.HASHES, *schema.split())

    def _key(self, number):
        return self.HASHES + fingerprint(number) + b"default"

    def add(self, numbers, rows):
        for start in range(0, len(numbers), 4):
            some = range(start, min(start + 4, len(numbers)))
            commands = [directory(numbers[i]) for i in some]
            for i in some:
                commands.append(("HSET", self._key(numbers[i]), "p", self.TAG, "v", rows[i].tobytes()))
                commands.append(("PEXPIREAT", self._key(numbers[i]), EXPIRY))
            self.redis.pipeline(commands)

    def nearest(self, vector, exploration, _):
        query = f"(@p:{{{self.TAG}}})=>[KNN {CANDIDATES} @v $q EF_RUNTIME {exploration} AS d]"
        words = ["PARAMS", 2, "q", vector.tobytes(), "RETURN", 1, "d", "LIMIT", 0, CANDIDATES, "DIALECT", 2]
        reply = self.redis("FT.SEARCH", self.INDEX, query, *words)
        start = len(self.HASHES)
        return [name[start : start + 32] for name in reply[1::2]]

    def remove(self, number):
        self.redis("UNLINK", self._key(number))


def measure(make, redis, stored, asked, sizes, explorations, log):
    """Fills step by step and searches at each size."""
    engine = make(redis)
    names = {fingerprint(number): number for number in range(len(stored))}
    before, held, rows = redis.memory(), 0, []
    for size in sizes:
        # The cost of an insertion is that of the last tenth.
        tenth = max(held, size - max(200, size // 10))
        engine.add(range(held, tenth), stored[held:tenth])
        began, cpu = time.perf_counter(), redis.cpu()
        engine.add(range(tenth, size), stored[tenth:size])
        insert = ((redis.cpu() - cpu) / (size - tenth), (time.perf_counter() - began) / (size - tenth))
        held = size
        truth = numpy.vstack([asked[i : i + 200] @ stored[:size].T for i in range(0, len(asked), 200)]).argmax(axis=1)
        for exploration in explorations:
            times, right, near, near_right = [], 0, 0, 0
            cpu = redis.cpu()
            answers = []
            for vector in asked:
                began = time.perf_counter()
                answers.append(engine.nearest(vector, exploration, size))
                times.append(time.perf_counter() - began)
            cpu = redis.cpu() - cpu
            for vector, found, best in zip(asked, answers, truth):
                numbers = [names[entry] for entry in found]
                scores = stored[numbers] @ vector
                hit = bool(numbers) and float(scores.max()) >= float(stored[best] @ vector) - 1e-6
                right += hit
                if stored[best] @ vector >= 0.85:
                    near += 1
                    near_right += hit
            row = {
                "elements": size,
                "exploration": exploration,
                "search_p50_ms": 1e3 * statistics.median(times),
                "search_cpu_ms": 1e3 * cpu / len(asked),
                "insert_cpu_ms": 1e3 * insert[0],
                "insert_ms": 1e3 * insert[1],
                "bytes_per_vector": (redis.memory() - before) / size,
                "recall_at_1": right / len(asked),
                "recall_at_1_near": near_right / near if near else None,
            }
            rows.append(row)
            log(row)
    began, cpu = time.perf_counter(), redis.cpu()
    for number in range(200):
        engine.remove(number)
    log({"remove_cpu_ms": 1e3 * (redis.cpu() - cpu) / 200})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--redis8", type=Path, required=True, help="the folder of redis-server and redisearch.so")
    parser.add_argument("--vectors", type=Path, help="real vectors, a file of Scripts/quality --vectors")
    parser.add_argument("--sizes", default="1000,10000,80000", help="elements of the partition")
    parser.add_argument("--shard-size", type=int, default=100_000)
    parser.add_argument("--exploration", default="50,100", help="elements that a search of a graph looks at")
    parser.add_argument("--asked", type=int, default=1000)
    parser.add_argument("--engines", default="sets,shards,index")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    source = vectors.source(arguments.vectors, None, None)
    stored, asked = source.some(max(sizes))
    asked = asked[:: max(1, len(asked) // arguments.asked)]
    print(source.description, file=sys.stderr)
    makers = {
        "sets": (False, lambda redis: VectorSets(redis, 1 << 60)),
        "shards": (False, lambda redis: VectorSets(redis, arguments.shard_size)),
        "index": (True, lambda redis: SearchIndex(redis, stored.shape[1])),
    }
    results = {}
    for name in arguments.engines.split(","):
        module, make = makers[name]
        redis = Redis(arguments.redis8, module)
        try:
            fields = ", ".join
            results[name] = measure(
                make,
                redis,
                stored,
                asked,
                [size for size in sizes if size <= len(stored)],
                [int(exploration) for exploration in arguments.exploration.split(",")],
                lambda row: print(
                    name, fields(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items()), flush=True
                ),
            )
        finally:
            redis.close()
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
