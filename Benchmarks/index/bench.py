"""The local vector index beside faiss and hnswlib in one run: the same vectors, one round of each after the other."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import faiss
import hnswlib
import numpy

import vectors

# (elements, partitions)
SHAPES = [(1_000, 1), (10_000, 1), (50_000, 1), (100_000, 1), (100_000, 10_000)]
# Fewer elements than this get no graph.
LEAST_FOR_GRAPH = 10_000
# Fewer get none of hnswlib's, which takes minutes to build.
LEAST_FOR_HNSWLIB = 80_000
NEAR = 0.7


class Index:
    """The process that holds the local index."""

    def __init__(self, binary, base, queries, dimensions):
        command = [binary, base, queries, str(dimensions)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"bench-index: the index ended over '{line}'")
        return json.loads(answer)

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


class Peer:
    """Another library's index over the same vectors, searched on one thread."""

    def __init__(self, name, search, build_s):
        self.name, self.search, self.build_s = name, search, build_s

    def timed(self, queries, count):
        return timed(self.search, queries, count)

    def nearest(self, queries):
        return [int(self.search(query[None])[0][0]) for query in queries]


def faiss_peer(name, index, stored):
    began = time.perf_counter()
    if not index.is_trained:
        index.train(stored)
    index.add(stored)
    return Peer(name, lambda query: index.search(query, 5)[1], time.perf_counter() - began)


def peers(stored, with_hnswlib):
    """Two that scan and, for many elements, a graph built and searched as ours."""
    faiss.omp_set_num_threads(1)
    dimensions = stored.shape[1]
    bytes_ = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    yield faiss_peer("faiss IndexFlatIP", faiss.IndexFlatIP(dimensions), stored)
    yield faiss_peer("faiss SQ8", bytes_, stored)
    if with_hnswlib and len(stored) >= LEAST_FOR_HNSWLIB:
        graph = hnswlib.Index("ip", dimensions)
        graph.init_index(len(stored), M=16, ef_construction=200)
        began = time.perf_counter()
        graph.add_items(stored, num_threads=2)
        graph.set_ef(192)
        yield Peer(
            "hnswlib ef 192",
            lambda query: graph.knn_query(query, 5, num_threads=1)[0],
            time.perf_counter() - began,
        )


class Local:
    """The local index, with or without graphs."""

    def __init__(self, name, index):
        self.name, self.index = name, index

    def timed(self, _, count):
        return self.index.ask(f"search {count}")

    def nearest(self, _):
        return self.index.ask("nearest")


def recalls(found, queries, stored, similarities):
    """Shares of queries whose nearest was found, or one as near: some texts have the same vector."""
    hits = numpy.einsum("ij,ij->i", queries, stored[numpy.asarray(found)]) >= similarities - 1e-6
    near = similarities >= NEAR
    return {"recall_at_1": float(hits.mean()), "recall_at_1_near": float(hits[near].mean()) if near.any() else None}


def best_cosines(queries, stored):
    """The cosine of each query and what is nearest to it, in floats."""
    parts = numpy.array_split(queries, max(1, len(queries) // 500))
    return numpy.concatenate([(part @ stored.T).max(1) for part in parts])


def middle(figures):
    return {key: float(numpy.median([figure[key] for figure in figures])) for key in figures[0]}


def measure(arguments, folder, source, elements, partitions):
    stored, queries = source.some(elements)
    elements = len(stored) if partitions == 1 else elements
    stored.tofile(folder / "base")
    queries.tofile(folder / "queries")
    print(f"\n{elements:,} elements in {partitions:,} partition(s)", flush=True)
    result = {"elements": elements, "partitions": partitions, "searches": []}
    open_index = lambda: Index(arguments.binary, folder / "base", folder / "queries", stored.shape[1])
    plain = open_index()
    result["scan"] = plain.ask(f"fill {elements} {partitions} 0")
    print("  {inserts_per_s:,} inserts/s; bytes an element: counted {counted_bytes}, resident {resident_bytes}, "
          "of them text {text_bytes}".format(**result["scan"]))
    contestants = [Local("semcached, scan", plain)]
    if partitions == 1 and elements >= LEAST_FOR_GRAPH:
        graphed = open_index()
        graphed.ask(f"fill {elements} {partitions} 1")
        result["graph"] = graphed.ask("build")
        print("  graph: {seconds:.1f} s of a thread to build; bytes an element, all in: counted {counted_bytes}, "
              "resident {resident_bytes}".format(**result["graph"]))
        contestants.append(Local("semcached, graph", graphed))
    if partitions == 1:
        contestants += peers(stored, arguments.graph)
        similarities = best_cosines(queries, stored)
    count = 1_000 if elements // partitions > 20_000 else 5_000
    rounds = {contestant.name: [] for contestant in contestants}
    for _ in range(arguments.rounds):
        for contestant in contestants:
            rounds[contestant.name].append(contestant.timed(queries, count))
    for contestant in contestants:
        figures = {"name": contestant.name, **middle(rounds[contestant.name])}
        line = "  {name:18} p50 {p50_ms:.4f} ms  p99 {p99_ms:.4f} ms  CPU {cpu_ms:.4f} ms".format(**figures)
        if partitions == 1:
            figures.update(recalls(contestant.nearest(queries), queries, stored, similarities))
            near = figures["recall_at_1_near"]
            line += f"  recall@1 {figures['recall_at_1']:.4f}" + (f" (cosine >= {NEAR}: {near:.4f})" if near else "")
        if isinstance(contestant, Peer):
            figures["build_s"] = contestant.build_s
            line += f"  built in {contestant.build_s:.1f} s"
        result["searches"].append(figures)
        print(line, flush=True)
    for contestant in contestants:
        if isinstance(contestant, Local):
            removed = contestant.index.ask("remove")
            print(f"  {contestant.name}: {removed['removes_per_s']:,} removes/s, left {removed['left']}")
            if removed["left"]:
                sys.exit("bench-index: elements were left after all had been removed")
            contestant.index.close()
    return result


def compare(shapes):
    """Beside what was asked for, at the largest size of one partition."""
    largest = max((shape for shape in shapes if shape["partitions"] == 1), key=lambda shape: shape["elements"])
    best = next(
        (figures for figures in largest["searches"] if figures["name"] == "semcached, graph"), largest["searches"][0]
    )
    print(f"\nasked: p50 <= 2 ms (then 0.4), recall@1 >= 0.995; measured at {largest['elements']:,} with "
          f"{best['name']}: {best['p50_ms']:.3f} ms, {best['recall_at_1']:.4f}")


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench-index", description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--elements", type=int, help="only this many, in one partition")
    parser.add_argument("--vectors", help="an .npz file of vectors, as Scripts/quality --vectors keeps them")
    parser.add_argument("--data", help="a folder of pair sets, as Scripts/quality takes it: their vectors")
    parser.add_argument("--model", help="the model folder, for texts of --data whose vectors --vectors lacks")
    parser.add_argument("--graph", action="store_true", help="hnswlib as well: minutes to build")
    parser.add_argument("--json", help="a file that the figures are written to")
    arguments = parser.parse_args()
    source = vectors.source(arguments.vectors, arguments.data, arguments.model)
    print(f"vectors: {source.description}")
    shapes = [(arguments.elements, 1)] if arguments.elements else SHAPES
    with tempfile.TemporaryDirectory() as folder:
        results = [measure(arguments, Path(folder), source, *shape) for shape in shapes]
    compare(results)
    if arguments.json:
        report = {"vectors": source.description, "is_synthetic": source.is_synthetic, "shapes": results}
        Path(arguments.json).write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
