#!/usr/bin/env python3
"""What the cache does to real questions: two gateways, two replicas, one Redis, one upstream that counts its calls.

Prints what was saved and proves it: every question reached the upstream exactly once, every answer is the one that the
upstream gives to that question, and the cache's own figures agree with what was sent. Exits with 1 if anything differs.
"""

import argparse
import collections
import json
import pathlib
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import openai

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent
sys.path.insert(0, str(EXAMPLES / "gateway"))

import traffic
import wordings
from processes import DidNotStart, Processes, wait_until
from upstream import answer_text, usage_of

# Dollars per million prompt and completion tokens.
PRICES = {"gpt-4o": (2.50, 10.00), "deepseek-v4-flash": (0.27, 1.10)}


def dollars(model, usage):
    prompt, completion = PRICES[model]
    return (usage["prompt_tokens"] * prompt + usage["completion_tokens"] * completion) / 1_000_000


class Result:
    def __init__(self, call):
        self.call = call
        self.outcome = None
        self.text = None
        self.usage = None
        self.milliseconds = None
        self.error = None


def ask(client, call, barrier):
    """Sends one call; every call of a group waits for the others first."""
    result = Result(call)
    options = {"stream": True, "stream_options": {"include_usage": True}} if call.stream else {}
    barrier.wait()
    began = time.perf_counter()
    try:
        answer = client.chat.completions.with_raw_response.create(
            model=call.question.model, messages=call.question.messages, temperature=0.3, **options
        )
        result.outcome = answer.headers["x-gateway-cache"]
        parsed = answer.parse()
        if call.stream:
            chunks = list(parsed)
            result.text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
            usage = next((chunk.usage for chunk in chunks if chunk.usage), None)
        else:
            result.text = parsed.choices[0].message.content
            usage = parsed.usage
        if usage:
            result.usage = {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
    except openai.OpenAIError as error:
        result.error = f"{type(error).__name__}: {error}"
    result.milliseconds = (time.perf_counter() - began) * 1000
    return result


def drive(gateways, groups, concurrency):
    """Works the groups off, at most `concurrency` calls at a time; returns results and seconds."""
    clients = [openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=60) for url in gateways]
    free = threading.Semaphore(concurrency)
    began = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        futures = []
        for group in groups:
            # All places of a group at once: nobody waits at the barrier for a call that cannot start.
            for _ in group:
                free.acquire()
            barrier = threading.Barrier(len(group))
            for call in group:
                future = pool.submit(ask, clients[call.gateway], call, barrier)
                future.add_done_callback(lambda _: free.release())
                futures.append(future)
        results = [future.result() for future in futures]
    return results, time.perf_counter() - began


class NoAnswer(Exception):
    pass


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise NoAnswer(f"{url} answered {error.code}: {error.read(500).decode(errors='replace')}") from None
    except OSError as error:
        raise NoAnswer(f"{url}: {error}") from None


def settled_stats(url, lookups, stores):
    """The cache's figures once they have reached Redis; the last ones seen if they never add up."""
    latest = {}

    def complete():
        latest.update(get(f"{url}/v1/stats?window=1h"))
        return latest["lookups"] >= lookups and latest["stores"] >= stores

    try:
        wait_until(complete, "the figures of /v1/stats", bound=15)
    except DidNotStart:
        pass
    return latest


def expected_usage(question):
    usage = usage_of(question.messages, answer_text(question.model, question.text))
    return {name: usage[name] for name in ("prompt_tokens", "completion_tokens")}


def check(results, calls, stats):
    """Every difference between what was seen and what must be, as text."""
    distinct = {result.call.question for result in results}
    repeated = len(results) - len(distinct)
    differences = []

    def equal(what, seen, wanted):
        if seen != wanted:
            differences.append(f"{what}: {seen}, and it must be {wanted}")

    for result in results:
        call = result.call
        if result.error:
            differences.append(f"a call failed: {result.error}")
            continue
        if result.text != answer_text(call.question.model, call.question.text):
            differences.append(f"a foreign answer to {call.question.text!r} ({result.outcome}): {result.text!r}")
        if result.usage != expected_usage(call.question):
            differences.append(f"foreign usage for {call.question.text!r} ({result.outcome}): {result.usage}")
    outcomes = collections.Counter(result.outcome for result in results)
    equal("upstream calls", calls["calls"], len(distinct))
    equal("misses at the gateways", outcomes["miss"], len(distinct))
    equal("hits at the gateways", outcomes["hit"], repeated)
    equal("stats: lookups", stats["lookups"], len(results))
    equal("stats: hits", stats["hits"]["total"], repeated)
    equal("stats: exact and coalesced hits", stats["hits"]["exact"] + stats["hits"]["coalesced"], repeated)
    equal("stats: misses", stats["misses"], len(distinct))
    equal("stats: bypasses", stats["bypasses"], 0)
    equal("stats: stores", stats["stores"], len(distinct))
    equal("stats: saved requests", stats["saved"]["requests"], repeated)
    saved, tokens = saved_by_hits(results)
    for name in tokens:
        equal(f"stats: saved {name}", stats["saved"][name], tokens[name])
    # A millionth of a dollar a hit is what rounding may cost.
    if abs(stats["saved"]["usd"] - saved) > 1e-6 * max(1, repeated):
        differences.append(f"stats: saved usd: {stats['saved']['usd']}, and it must be {saved:.6f}")
    return differences


def saved_by_hits(results):
    """Dollars and tokens that the hits did not cost."""
    usages = [(r.call.question.model, expected_usage(r.call.question)) for r in results if r.outcome == "hit"]
    tokens = {name: sum(usage[name] for _, usage in usages) for name in ("prompt_tokens", "completion_tokens")}
    return sum(dollars(model, usage) for model, usage in usages), tokens


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def summarize(results, seconds, latency_ms):
    """What the clients saw."""
    print(f"{len(results)} requests in {seconds:.1f} s, upstream latency {latency_ms:.0f} ms, half of them streamed")
    outcomes = collections.Counter(result.error or result.outcome for result in results)
    print("  seen by clients    " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common(8)))
    for outcome in ("hit", "miss"):
        for stream in (False, True):
            times = [r.milliseconds for r in results if r.outcome == outcome and r.call.stream == stream]
            kind = f"{outcome}, {'streamed' if stream else 'whole'}"
            print(f"  {kind:<18} p50 {percentile(times, 0.5):7.1f} ms   p99 {percentile(times, 0.99):7.1f} ms")


def report(results, calls, stats):
    """What was saved, by the cache's figures and by the upstream's."""
    saved, _ = saved_by_hits(results)
    spent = sum(dollars(r.call.question.model, expected_usage(r.call.question)) for r in results if r.outcome == "miss")
    hits = stats["hits"]
    print(f"  hit ratio          {stats['hit_ratio']:.3f}")
    print(f"  hits               {hits['total']}: {hits['exact']} exact, {hits['coalesced']} coalesced, which waited for the fill of another")
    print(f"  upstream calls     {calls['calls']} made, {len(results) - calls['calls']} saved")
    print(f"  dollars            {spent:.4f} spent, {saved:.4f} saved; /v1/stats says {stats['saved']['usd']:.4f} saved")


def write_configuration(path, redis_url, model):
    prices = "".join(f"  {model}: {{ prompt: {prompt}, completion: {completion} }}\n" for model, (prompt, completion) in PRICES.items())
    path.write_text(
        # The repeats are counted exactly, so nothing but a repeat may hit there; other wordings have a namespace of their own.
        f"redis:\n  url: {redis_url}\n  key_prefix: 'demo:'\nsemantic:\n  enabled: false\n"
        f"namespaces:\n  {wordings.NAMESPACE}: {{ semantic: {{ enabled: true }}, lookup: {{ deadline_ms: 5000 }} }}\n"
        f"embedder:\n  model_dir: '{model}'\nprices:\n{prices}"
    )
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--repeat", type=float, default=0.4, help="share of requests that repeat an earlier question")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--latency-ms", type=float, default=150, help="of the upstream")
    parser.add_argument("--quick", action="store_true", help="200 requests, upstream latency 40 ms")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the folder of the embedding model")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the semcached to run")
    options = parser.parse_args()
    if options.quick:
        options.requests, options.latency_ms = 200, 40
    if not 0 <= options.repeat < 1 or options.concurrency < 2 or options.requests < 1:
        parser.error("--repeat is from 0 to below 1, --concurrency at least 2, --requests at least 1")
    try:
        groups = traffic.plan(traffic.load_questions(EXAMPLES / "data" / "questions.jsonl"), options.requests, options.repeat)
    except ValueError as error:
        parser.error(str(error))

    with Processes() as processes:
        try:
            configuration = write_configuration(processes.path / "semcached.yaml", processes.redis()[1], options.model.resolve())
            replicas = [processes.semcached(name, options.binary.resolve(), configuration)[1] for name in ("replica-a", "replica-b")]
            upstream = processes.python("upstream", EXAMPLES / "gateway" / "upstream.py", "--latency-ms", str(options.latency_ms))
            gateways = [
                processes.python(f"gateway-{index}", EXAMPLES / "gateway" / "gateway.py", "--semcached", url, "--upstream", f"{upstream}/v1")
                for index, url in enumerate(replicas)
            ]
        except DidNotStart as failure:
            sys.exit(f"demo: {failure}")
        results, seconds = drive(gateways, groups, options.concurrency)
        try:
            calls = get(f"{upstream}/calls")
            stats = settled_stats(replicas[0], len(results), len({result.call.question for result in results}))
        except NoAnswer as failure:
            summarize(results, seconds, options.latency_ms)
            sys.exit(f"demo: {failure}")
        try:
            by_kind, false = wordings.ask(wordings.load(EXAMPLES / "data" / "wordings.jsonl"), replicas)
        except (DidNotStart, ValueError, OSError) as failure:
            sys.exit(f"demo: other wordings: {failure}")

    summarize(results, seconds, options.latency_ms)
    report(results, calls, stats)
    wordings.report(by_kind, false)
    differences = check(results, calls, stats)
    differences += [f"a false hit: {asked!r}" for asked, _ in false]
    if not any(found.hits for found in by_kind.values()):
        differences.append("no other wording hit")
    for difference in differences[:20]:
        print(f"DIFFERENCE {difference}")
    if differences:
        print(f"demo: {len(differences)} differences; nothing above may be believed")
        sys.exit(1)
    print("verified: one upstream call per distinct question, no foreign answer, no false hit, /v1/stats agrees with what was sent")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
