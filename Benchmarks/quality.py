#!/usr/bin/env python3
"""How many duplicates the semantic tier serves, and how many look-alikes: guards and score next to plain cosine.

served: share of the duplicate pairs that are served. wrong: share of the other pairs that are served. Both in percent,
for the same vectors, at one setting for all sets.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import subprocess
import sys

import numpy as np

import quality_service
import quality_sets

HERE = pathlib.Path(__file__).resolve().parent
PLAIN = (0.80, 0.85, 0.90, 0.95)
PROFILES = ("strict", "balanced")
LEAST = 0.80


def say(text):
    print(f"quality: {text}", file=sys.stderr, flush=True)


class Vectors:
    """Vectors by text as the service computes them, kept in a file between runs."""

    def __init__(self, binary, model, cache):
        self.command = [binary, "--embed", str(model)]
        self.path = cache and pathlib.Path(cache)
        self.rows = {}
        if self.path and self.path.exists():
            stored = np.load(self.path, allow_pickle=False)
            self.rows = dict(zip(stored["texts"].tolist(), stored["rows"]))

    def need(self, texts):
        missing = [text for text in dict.fromkeys(texts) if self._key(text) not in self.rows]
        if not missing:
            return
        say(f"computing the vectors of {len(missing)} texts")
        lines = "".join(json.dumps(text) + "\n" for text in missing)
        run = subprocess.run(self.command, input=lines.encode(), stdout=subprocess.PIPE, check=True)
        for text, row in zip(missing, np.frombuffer(run.stdout, np.float32).reshape(len(missing), -1)):
            self.rows[self._key(text)] = row
        if self.path:
            np.savez(self.path, texts=np.array(list(self.rows)), rows=np.array(list(self.rows.values())))

    def matrix(self, texts):
        return np.array([self.rows[self._key(text)] for text in texts])

    @staticmethod
    def _key(text):
        return hashlib.sha256(text.encode()).hexdigest()


class VerifierJudge:
    """Judges by the verifier alone, on vectors computed here.

    A judge has `name` and `judge(asked, stored, similarities)`, which gives one verdict a pair: `score` and
    `rejected_by`, a dictionary that lacks the profiles that would serve the pair. One that asks a running service takes
    this one's place.
    """

    name = "verifier"

    def __init__(self, binary, vocabulary):
        self.command = [binary, "--vocabulary", str(vocabulary)]

    def judge(self, asked, stored, similarities):
        lines = "".join(
            json.dumps({"asked": first, "stored": second, "similarity": float(similarity)}) + "\n"
            for first, second, similarity in zip(asked, stored, similarities)
        )
        run = subprocess.run(self.command, input=lines, stdout=subprocess.PIPE, encoding="utf-8", check=True)
        return [json.loads(line) for line in run.stdout.splitlines()]


class Table:
    """Lines of `served / wrong` by set."""

    def __init__(self, title, columns):
        print(f"\n{title}\n{'':34}" + "".join(f"{column:>18}" for column in columns))

    @staticmethod
    def line(name, cells):
        print(f"{name:34}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def share(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "-"


def cell(pairs, is_served):
    served, wrong, duplicates = 0, 0, sum(pair.duplicate for pair in pairs)
    for pair, serves in zip(pairs, is_served):
        served += serves and pair.duplicate
        wrong += serves and not pair.duplicate
    others = len(pairs) - duplicates
    return f"{share(served, duplicates)} / {100 * wrong / others:.2f}" if others else f"{share(served, duplicates)} / -"


def pairwise(folder, vectors, judge):
    sets = {name: quality_sets.pairs(folder, name) for name in quality_sets.SETS}
    sets = {name: pairs for name, pairs in sets.items() if pairs}
    cosines, verdicts = {}, {}
    for name, pairs in sets.items():
        vectors.need([text for pair in pairs for text in (pair.asked, pair.stored)])
        first = vectors.matrix([pair.asked for pair in pairs])
        second = vectors.matrix([pair.stored for pair in pairs])
        cosines[name] = np.einsum("ij,ij->i", first, second)
        verdicts[name] = judge.judge([p.asked for p in pairs], [p.stored for p in pairs], cosines[name])
    Table("pairwise: served / wrong, %", sets)
    for least in PLAIN:
        Table.line(f"plain cosine {least:.2f}", [cell(pairs, cosines[name] >= least) for name, pairs in sets.items()])
    for profile in PROFILES:
        Table.line(profile, [cell(pairs, serves(verdicts[name], profile)) for name, pairs in sets.items()])
        unguarded = {name: [verdict["unguarded"][profile] for verdict in verdicts[name]] for name in sets}
        Table.line(f"{profile}, guards off", [cell(pairs, unguarded[name]) for name, pairs in sets.items()])
    by_category(sets, cosines, verdicts)
    by_guard(sets, verdicts)


def serves(verdicts, profile):
    return [profile not in verdict["rejected_by"] for verdict in verdicts]


def service(folder, options):
    """The same pairs, asked of the real service over HTTP."""
    sets = {name: quality_sets.pairs(folder, name)[: options.pairs] for name in quality_sets.SETS}
    sets = {name: pairs for name, pairs in sets.items() if pairs}
    with quality_service.running(options.service, options.model) as service:
        Table(f"the running service, pairwise, at most {options.pairs} pairs a set: served / wrong, %", sets)
        for profile in PROFILES:
            Table.line(profile, [cell(pairs, service.serves(pairs, profile, name)) for name, pairs in sets.items()])
        service_replay(service, {name: pairs for name, pairs in sets.items() if quality_sets.SETS[name][1]})
        service_conversations(service, folder)


def service_replay(service, sets):
    Table("the running service, replay of those pairs: hit ratio / wrong share of hits, %", sets)
    for profile in PROFILES:
        cells = []
        for name, pairs in sets.items():
            stored, asked = replayed(pairs)
            cells.append(outcome(asked, service.answers(stored, asked, profile, f"replay-{name}"), linked(pairs)))
        Table.line(profile, cells)


def service_conversations(service, folder):
    found = quality_sets.lines(folder, quality_sets.CONVERSATIONS)
    if not found:
        return
    pairs = [quality_sets.Pair("", "", bool(line["duplicate"]), "") for line in found]
    Table("the running service, conversations: served / wrong, %", PROFILES)
    served = [service.serves_conversations([(line["a"], line["b"]) for line in found], profile) for profile in PROFILES]
    Table.line("same earlier turns only", [cell(pairs, one) for one in served])


def by_category(sets, cosines, verdicts):
    for name, pairs in sets.items():
        categories = sorted({pair.category for pair in pairs} - {""})
        if not categories:
            continue
        Table(f"{name} by category: served of all, %", ["pairs", "cosine 0.90", *PROFILES])
        for category in categories:
            places = [place for place, pair in enumerate(pairs) if pair.category == category]
            kind = "good" if pairs[places[0]].duplicate else "trap"
            cells = [len(places), share(sum(cosines[name][place] >= 0.90 for place in places), len(places))]
            for profile in PROFILES:
                served = serves(verdicts[name], profile)
                cells.append(share(sum(served[place] for place in places), len(places)))
            Table.line(f"{category} ({kind})", cells)


def by_guard(sets, verdicts):
    Table("pairs that only a guard keeps from being served (balanced): duplicates / others", sets)
    guards = sorted({guard for found in verdicts.values() for verdict in found for guard in verdict["vetoes"]})
    for guard in guards:
        cells = []
        for name, pairs in sets.items():
            hits = collections.Counter(
                pair.duplicate
                for pair, verdict in zip(pairs, verdicts[name])
                if verdict["vetoes"] == [guard] and verdict["unguarded"]["balanced"]
            )
            cells.append(f"{hits[True]} / {hits[False]}")
        Table.line(guard, cells)


def replay(folder, vectors, judge):
    """Stores every first text, asks every second, and serves the best score of the five nearest."""
    Table("replay: hit ratio / wrong share of hits, %", ["questions", "cosine 0.90", "cosine 0.95", *PROFILES])
    for name, (_, is_same) in quality_sets.SETS.items():
        pairs = quality_sets.pairs(folder, name)
        if not pairs or not is_same:
            continue
        stored, asked = replayed(pairs)
        vectors.need(stored + asked)
        right = linked(pairs)
        places, similarities = nearest(vectors.matrix(asked), vectors.matrix(stored))
        cells = [len(asked)]
        for least in (0.90, 0.95):
            answers = [stored[row[0]] if near[0] >= least else None for row, near in zip(places, similarities)]
            cells.append(outcome(asked, answers, right))
        flat = [(query, stored[place], near) for query, row, nears in zip(asked, places, similarities)
                for place, near in zip(row, nears) if near >= LEAST]
        verdicts = judge.judge(*zip(*flat)) if flat else []
        best = {profile: {} for profile in PROFILES}
        for (query, text, _), verdict in zip(flat, verdicts):
            for profile in PROFILES:
                if profile not in verdict["rejected_by"]:
                    known = best[profile].get(query)
                    if known is None or verdict["score"] > known[0]:
                        best[profile][query] = (verdict["score"], text)
        for profile in PROFILES:
            answers = [best[profile].get(query, (0, None))[1] for query in asked]
            cells.append(outcome(asked, answers, right))
        Table.line(name, cells)
    print("wrong: the stored text is not linked to the asked one by any labels; unlabeled duplicates count as wrong")


def replayed(pairs):
    """The texts that are stored, and those that are asked after them, each once."""
    stored = dict.fromkeys(pair.asked for pair in pairs)
    return list(stored), [text for text in dict.fromkeys(pair.stored for pair in pairs) if text not in stored]


def nearest(queries, stored, count=5):
    places, similarities = [], []
    for begun in range(0, len(queries), 512):
        products = queries[begun : begun + 512] @ stored.T
        top = np.argpartition(-products, min(count, products.shape[1] - 1), axis=1)[:, :count]
        values = np.take_along_axis(products, top, axis=1)
        order = np.argsort(-values, axis=1)
        places.extend(np.take_along_axis(top, order, axis=1).tolist())
        similarities.extend(np.take_along_axis(values, order, axis=1).tolist())
    return places, similarities


def linked(pairs):
    """By text, what stands for all texts that duplicates link to it."""
    parent = {}

    def find(text):
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for pair in pairs:
        first, second = find(pair.asked), find(pair.stored)
        if pair.duplicate and first != second:
            parent[first] = second
    return find


def outcome(asked, answers, find):
    hits = [(query, answer) for query, answer in zip(asked, answers) if answer is not None]
    wrong = sum(find(query) != find(answer) for query, answer in hits)
    return f"{share(len(hits), len(asked))} / {share(wrong, len(hits))}"


def conversations(folder, vectors, judge):
    """Last user texts are compared only where all earlier turns are the same."""
    found = quality_sets.conversations(folder)
    if not found:
        return
    texts = [text for first, second, _, _ in found for text in (first[1], second[1])]
    vectors.need(texts)
    first, second = vectors.matrix([a[1] for a, _, _, _ in found]), vectors.matrix([b[1] for _, b, _, _ in found])
    cosines = np.einsum("ij,ij->i", first, second)
    verdicts = judge.judge([a[1] for a, _, _, _ in found], [b[1] for _, b, _, _ in found], cosines)
    pairs = [quality_sets.Pair(a[1], b[1], duplicate, kind) for a, b, duplicate, kind in found]
    same = [a[0] == b[0] for a, b, _, _ in found]
    Table("conversations: served / wrong, %", ["cosine 0.90", *PROFILES])
    Table.line("same earlier turns only", [cell(pairs, [s and c >= 0.9 for s, c in zip(same, cosines)])]
               + [cell(pairs, [s and f for s, f in zip(same, serves(verdicts, profile))]) for profile in PROFILES])
    Table.line("if earlier turns did not count", [cell(pairs, cosines >= 0.9)]
               + [cell(pairs, serves(verdicts, profile)) for profile in PROFILES])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="a folder of sets; without it the sample beside this script")
    parser.add_argument("--model", required=True, help="the folder of the embedding model")
    parser.add_argument("--binary", required=True, help="quality-bench")
    parser.add_argument("--vectors", help="a file that keeps the vectors between runs")
    parser.add_argument("--service", help="the semcached that mode `service` runs")
    parser.add_argument("--pairs", type=int, default=3000, help="pairs of a set that are asked of the service")
    parser.add_argument("--mode", choices=("all", "pairwise", "replay", "conversations", "service"), default="all")
    options = parser.parse_args()
    folder = options.data or quality_sets.SAMPLE
    if not options.data:
        say("no --data: the shipped sample (fow, banking77, clinc150), which is small")
    vectors = Vectors(options.binary, options.model, options.vectors)
    judge = VerifierJudge(options.binary, pathlib.Path(options.model) / "vocab.txt")
    modes = {"pairwise": pairwise, "replay": replay, "conversations": conversations}
    for name, mode in modes.items():
        if options.mode in ("all", name):
            mode(folder, vectors, judge)
    if options.service and options.mode in ("all", "service"):
        service(folder, options)


if __name__ == "__main__":
    main()
