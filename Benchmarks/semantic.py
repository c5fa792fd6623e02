#!/usr/bin/env python3
"""The semantic tier of running replicas: lookups a second, memory, hydration and lag.

Every asked text is new, so that each lookup embeds, searches and judges.
"""

import argparse
import http.client
import json
import pathlib
import random
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

import measure
from processes import Processes, wait_until


def request(text):
    return {"model": "m", "messages": [{"role": "user", "content": text}]}


def response(number):
    message = {"role": "assistant", "content": f"Answer {number}. " + "It depends on the order of the steps. " * 4}
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


class Client:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def post(self, path, body):
        self.connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        return json.loads(answer.read())

    def store(self, text, number):
        answer = self.post("/v1/store", {"request": request(text), "response": response(number)})
        if answer.get("tiers") != ["exact", "semantic"]:
            raise RuntimeError(f"a store was answered {answer}")

    def index_entries(self):
        self.connection.request("GET", "/metrics")
        for line in self.connection.getresponse().read().decode().splitlines():
            if line.startswith("semcached_index_entries "):
                return int(float(line.split()[1]))
        return 0


def in_parts(url, texts, count, work):
    """Runs `work(client, number, text)` for all texts over `count` connections; returns its results and the seconds."""
    def run(part):
        client = Client(url)
        return [work(client, number, text) for number, text in part]

    numbered = list(enumerate(texts))
    began = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        found = [one for part in pool.map(run, [numbered[place::count] for place in range(count)]) for one in part]
    return found, time.perf_counter() - began


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def texts(words, count, seed):
    """Distinct questions of eight words."""
    generator = random.Random(seed)
    found = {}
    while len(found) < count:
        found["how do I " + " ".join(generator.choices(words, k=5)) + "?"] = None
    return list(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elements", type=int, default=20_000)
    parser.add_argument("--lookups", type=int, default=3_000)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the folder of the embedding model")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the semcached to run")
    options = parser.parse_args()
    lines = (ROOT / "Examples" / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    words = sorted({word.strip("?.,!").lower() for line in lines for word in json.loads(line)["text"].split()} - {""})

    with Processes() as processes:
        redis, url = processes.redis(maxmemory="4gb")
        configuration = processes.path / "semcached.yaml"
        configuration.write_text(
            f"redis: {{ url: '{url}' }}\nlookup: {{ deadline_ms: 5000 }}\nsemantic: {{ enabled: true }}\n"
            f"embedder: {{ model_dir: '{options.model.resolve()}' }}\n"
        )
        first, address = processes.semcached("first", options.binary.resolve(), configuration)
        empty = measure.resident_mib(first.pid)
        stored = texts(words, options.elements, 1)
        _, seconds = in_parts(address, stored, 8, lambda client, number, text: client.store(text, number))
        full = measure.resident_mib(first.pid)
        print(f"stores                    {len(stored) / seconds:8.0f} a second, embedding included")
        print(f"memory of the replica     {(full - empty) * 1024 * 1024 / len(stored):8.0f} bytes a text more ({empty:.0f} to {full:.0f} MiB)")

        began = time.perf_counter()
        second, other = processes.semcached("second", options.binary.resolve(), configuration)
        client = Client(other)
        wait_until(lambda: client.index_entries() >= len(stored), "the second replica's index", bound=120)
        print(f"start with {len(stored)} in Redis  {time.perf_counter() - began:6.2f} s until ready and whole")

        writer, lags = Client(address), []
        for number, text in enumerate(texts(words, 300, 2)):
            expected = client.index_entries() + 1
            writer.store(text, number)
            began = time.perf_counter()
            while client.index_entries() < expected:
                pass
            lags.append((time.perf_counter() - began) * 1000)
        print(f"visible in the other one  p50 {percentile(lags, 0.5):.1f} ms, p99 {percentile(lags, 0.99):.1f} ms after the store's answer")

        for concurrency in (1, 8):
            asked = texts(words, options.lookups, 10 + concurrency)

            def ask(client, _, text):
                began = time.perf_counter()
                answer = client.post("/v1/lookup", {"request": request(text), "cache": {"lease": False}})
                if answer["status"] == "bypass" or answer.get("reason") == "semantic_unavailable":
                    raise RuntimeError(f"a lookup was answered {answer}")
                return (time.perf_counter() - began) * 1000

            times, seconds = in_parts(other, asked, concurrency, ask)
            print(
                f"lookups, concurrency {concurrency}    {len(asked) / seconds:8.0f} a second, p50 {percentile(times, 0.5):.2f} ms,"
                f" p99 {percentile(times, 0.99):.2f} ms, embedding included"
            )
        # Counts reach Redis once a second.
        time.sleep(1.5)
        with urllib.request.urlopen(f"{other}/v1/stats?window=5m", timeout=30) as answer:
            embed = json.load(answer)["latency_ms"]["embed"]
        print(f"of which embedding        p50 {embed['p50']} ms, p99 {embed['p99']} ms, waiting for the thread included")


if __name__ == "__main__":
    main()
