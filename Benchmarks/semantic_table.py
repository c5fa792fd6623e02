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
    questions = "synthetic vectors" if results["is_synthetic"] else "vectors of real questions"
    for shape in results["shapes"]:
        elements, partitions = shape["elements"], shape["partitions"]
        what = f"{elements:,}" if partitions == 1 else f"{partitions:,} partitions of {elements // partitions}"
        for row in shape["searches"]:
            measured = f"p50 {row['p50_ms']:.3f} ms, p99 {row['p99_ms']:.3f} ms"
            if "recall_at_1" in row:
                measured += f", recall@1 {row['recall_at_1']:.4f}"
            is_ours = row["name"].startswith("semcached")
            asked = "p50 <= 2 ms, recall@1 >= 0.995" if is_ours and partitions == 1 else ""
            yield f"search among {what}: {row['name']}", asked, measured
        for name in ("scan", "graph"):
            if name in shape:
                counted, resident = shape[name]["counted_bytes"], shape[name]["resident_bytes"]
                yield f"index of {what}, {name}", "", f"{counted:,.0f} bytes an element counted, {resident:,.0f} resident, {questions}"


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
            except (KeyError, TypeError, ValueError) as error:
                rows.append((name, "", f"{path.name} has another form: {error!r}"))
        elif options.only in (None, name):
            rows.append((name, "", "failed, or took too long: see above"))
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    for what, asked, measured in rows:
        print(f"{what:{widths[0]}}  {asked:{widths[1]}}  {measured}")


if __name__ == "__main__":
    main()
