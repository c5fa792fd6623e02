#!/usr/bin/env python3
"""One table of the semantic tier's speed, from what the single benchmarks have written: what, asked, measured."""

import argparse
import json
import pathlib


def embedder_rows(results):
    for row in results:
        asked = ">= 1.5 x onnxruntime" if row["tokens"] <= 32 else ""
        measured = f"{row['ratio_cpu']:.2f} x, {row['cpu_ms']:.2f} ms of one core"
        yield f"embedding of {row['tokens']} tokens", asked, measured


def index_rows(results):
    """A row for each library at each size: `{elements, partitions, name, p50_ms, ...}`, or these by name within a size."""
    for size in results if isinstance(results, list) else next(each for each in results.values() if isinstance(each, list)):
        elements, partitions = size["elements"], size.get("partitions", 1)
        what = f"search among {elements:,}" if partitions == 1 else f"search, {partitions:,} partitions of {elements // partitions}"
        groups = [size] + [each for each in size.values() if isinstance(each, dict)]
        rows = [(name, row) for group in groups for name, row in group.items() if isinstance(row, dict) and "p50_ms" in row]
        for name, row in rows or [(size.get("name", "semcached"), size)]:
            recall = "".join(f", {key.replace('_', ' ')} {row[key]:.4f}" for key in row if key.startswith("recall"))
            asked = "p50 <= 2 ms, recall@1 >= 0.995" if name.startswith("semcached") and elements >= 100_000 and partitions == 1 else ""
            yield f"{what}: {name}", asked, f"p50 {row['p50_ms']:.3f} ms, p99 {row['p99_ms']:.3f} ms{recall}"


def service_rows(results):
    for row in results:
        yield row["what"], row["asked"], row["measured"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="with embedder.json, index.json and service.json, or some of them")
    parser.add_argument("--only", choices=["embedder", "index", "service"], help="what was measured; else all")
    options = parser.parse_args()
    folder = options.folder
    rows = [("WHAT", "ASKED", "MEASURED")]
    for name, read in (("embedder", embedder_rows), ("index", index_rows), ("service", service_rows)):
        path = folder / f"{name}.json"
        if path.exists():
            try:
                rows += read(json.loads(path.read_text()))
            except (KeyError, StopIteration, TypeError, ValueError) as error:
                rows.append((name, "", f"{path.name} has another form: {error!r}"))
        elif options.only in (None, name):
            rows.append((name, "", "failed, or took too long: see above"))
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    for what, asked, measured in rows:
        print(f"{what:{widths[0]}}  {asked:{widths[1]}}  {measured}")


if __name__ == "__main__":
    main()
