"""The local vector index beside faiss and hnswlib in one run: the same vectors, one round of each after the other."""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import faiss
import hnswlib
import numpy

DIMENSIONS = 384
# (elements, partitions)
SHAPES = [(1_000, 1), (10_000, 1), (100_000, 1), (100_000, 10_000)]


def unit(vectors):
    return (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).astype(numpy.float32)


def clustered(random, count, topics=2_000, latent=96, spread=1.0):
    """Unit vectors around topics in a space of few dimensions, as embeddings of questions are."""
    lift = random.standard_normal((latent, DIMENSIONS))
    centers = random.standard_normal((topics, latent))
    points = centers[random.integers(topics, size=count)] + spread * random.standard_normal((count, latent))
    return unit(points @ lift)


def asked(random, stored, count):
    """Half paraphrases of stored vectors (cosine about 0.93), half new ones."""
    near = stored[random.integers(len(stored), size=count // 2)]
    noise = unit(random.standard_normal(near.shape))
    return numpy.vstack([unit(near + 0.4 * noise), clustered(random, count - count // 2)])


class Index:
    """The process that holds the local index."""

    def __init__(self, binary, base, queries):
        command = [binary, base, queries, str(DIMENSIONS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(search, queries, count):
    """Median and 99th percentile of one search at a time, and CPU a search, in ms."""
    times, before = [], resource.getrusage(resource.RUSAGE_SELF)
    for number in range(count):
        query = queries[number % len(queries)][None]
        began = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - began) * 1000)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / count * 1000
    return {"p50_ms": numpy.median(times), "p99_ms": numpy.quantile(times, 0.99), "cpu_ms": cpu}


def peers(stored, with_graph):
    """Searches of other libraries over the same vectors, on one thread, by name."""
    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(stored)
    bytes_ = faiss.IndexScalarQuantizer(DIMENSIONS, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    bytes_.train(stored)
    bytes_.add(stored)
    found = {
        "faiss IndexFlatIP": lambda query: flat.search(query, 5)[1],
        "faiss SQ8": lambda query: bytes_.search(query, 5)[1],
    }
    if with_graph:
        graph = hnswlib.Index("ip", DIMENSIONS)
        graph.init_index(len(stored), M=16, ef_construction=200)
        began = time.perf_counter()
        graph.add_items(stored, num_threads=2)
        print(f"hnswlib: built in {time.perf_counter() - began:.0f} s")
        graph.set_ef(50)
        graph.set_num_threads(1)
        found["hnswlib ef 50"] = lambda query: graph.knn_query(query, 5, num_threads=1)[0]
    return found


def recall(found, truth):
    return float(numpy.mean(numpy.asarray(found) == truth))


def measure(arguments, folder, elements, partitions, random):
    stored = clustered(random, min(elements, 100_000))
    queries = asked(random, stored, 1_000)
    stored.tofile(folder / "base")
    queries.tofile(folder / "queries")
    index = Index(arguments.binary, folder / "base", folder / "queries")
    filled = index.ask(f"fill {elements} {partitions}")
    count = 1_000 if elements // partitions > 20_000 else 5_000
    rounds = {"semcached": []}
    others = peers(stored, arguments.graph and elements >= 10_000) if partitions == 1 else {}
    for _ in range(arguments.rounds):
        rounds["semcached"].append(index.ask(f"search {count}"))
        for name, search in others.items():
            rounds.setdefault(name, []).append(timed(search, queries, min(count, 1_000)))
    print(f"\n{elements:,} elements in {partitions:,} partition(s)")
    print(
        f"  inserts/s {filled['inserts_per_s']:,}; bytes an element: counted {filled['counted_bytes']}, "
        f"resident {filled['resident_bytes']}, of them text {filled['text_bytes']}"
    )
    truth = (queries @ stored.T).argmax(axis=1)
    for name, figures in rounds.items():
        middle = {key: float(numpy.median([figure[key] for figure in figures])) for key in figures[0]}
        line = f"  {name:18} p50 {middle['p50_ms']:.4f} ms  p99 {middle['p99_ms']:.4f} ms  CPU {middle['cpu_ms']:.4f} ms"
        if partitions == 1:
            if name == "semcached":
                found = index.ask("nearest")
            else:
                found = [int(others[name](query[None])[0][0]) for query in queries]
            half = len(queries) // 2
            line += f"  recall@1 {recall(found, truth):.4f} (paraphrases {recall(found[:half], truth[:half]):.4f})"
        print(line)
    removed = index.ask("remove")
    print(f"  removes/s {removed['removes_per_s']:,}, left {removed['left']}")
    index.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--graph", action="store_true", help="hnswlib as well: minutes to build")
    parser.add_argument("--elements", type=int, help="only this many, in one partition")
    arguments = parser.parse_args()
    random = numpy.random.default_rng(7)
    shapes = [(arguments.elements, 1)] if arguments.elements else SHAPES
    with tempfile.TemporaryDirectory() as folder:
        for elements, partitions in shapes:
            measure(arguments, Path(folder), elements, partitions, random)


if __name__ == "__main__":
    main()
