#!/usr/bin/env python3
"""Three replicas of semcached under load while Redis, the network and they themselves fail, with a checker of every answer.

The schedule and what each client asks are drawn from the seed; the same seed gives the same run again, as far as the
answers are the same. Ends with 1 when anything was answered that must not be.
"""

import argparse
import asyncio
import pathlib
import random
import signal
import sys
import time

import schedule
import selftest
import servers
from clients import Client
from cluster import Cluster
from injection import Injector
from probes import KEYS, Probe, Pulse
from processes import DidNotStart, Scope
from relays import Relays
from replicas import Replica, clock_library
from report import Outcome
from sampling import Sampler
from sentinels import Sentinel
from servers import Single
from world import World

TOPOLOGIES = {"single": Single, "sentinel": Sentinel, "cluster": Cluster}
CLIENTS = 24
COUNTS_SECONDS = 2.6
SAMPLE, LAST_SAMPLE = 25, 120


async def run_load(plan, world, injector, probes, pulses, sampler, clients):
    """Clients, probes and faults, until the plan is over."""
    sides = [world.watch_lag(), world.watch_starvation(), injector.watch_primaries(), *(part.run() for part in [*probes, *pulses, *clients])]
    tasks = [asyncio.ensure_future(side) for side in sides]
    faults = asyncio.ensure_future(injector.run(plan, lambda: sampler.run(SAMPLE)))
    # A task that fails ends the run at once.
    await asyncio.wait([faults, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in [faults, *tasks]:
        if task.done():
            task.result()
    await asyncio.sleep(max(schedule.TAIL_SECONDS, world.start + plan.seconds - time.monotonic()))
    world.is_over = True
    await asyncio.gather(*tasks)


async def last_checks(world, sampler):
    """With the load over: what was acknowledged is there, and the counters add up. Gives a line about them."""
    await sampler.run(LAST_SAMPLE)
    for place, replica in list(enumerate(world.replicas))[:-1]:
        world.away[place].append([time.monotonic(), None])
        status = await asyncio.to_thread(replica.program.end)
        if status != 0:
            world.checker.suspect("end", f"replica {place} ended with status {status} after SIGTERM", time.monotonic())
    await asyncio.sleep(COUNTS_SECONDS)
    answer = await world.call(world.connections(), len(world.replicas) - 1, "GET", "/v1/stats?window=all", "", "", -1, "statistics")
    if answer is None or answer.status != 200:
        world.checker.suspect("counters", "no statistics at the end", time.monotonic())
        return "counters: none"
    wrong, said, least, most, spare = world.accounts.differences(answer.body)
    for namespace, counter, low, count, high in wrong:
        answers = [(time_ - world.start, replica) for time_, replica, *rest in world.accounts.answers if rest == [namespace, counter]]
        seen = " ".join(f"{time_:.2f}/r{replica}" for time_, replica in answers[-60:])
        text = f"{namespace} {counter}: {count}, and must be {low} to {high}; the last were answered at {seen}"
        world.checker.suspect("counters", text, time.monotonic())
    return f"counters: {said} in Redis, must be {least} to {most}, and up to {spare} more for calls without an answer; {len(wrong)} wrong"


async def drive(plan, options, scope, relays):
    """One topology from its start to its figures."""
    began = time.monotonic()
    topology = TOPOLOGIES[plan.topology](scope, relays, schedule.REPLICAS)
    library = clock_library(scope.path)
    replicas = [
        Replica(scope, place, options.binary, topology.url(place), options.model, library, options.index)
        for place in range(schedule.REPLICAS)
    ]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.wait("/readyz")
    print(f"{plan.topology}: up after {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    world = World(replicas)
    probes = [Probe(world, place) for place in range(len(replicas))]
    pulses = [Pulse(world, place) for place in range(len(replicas))]
    injector = Injector(world, topology, relays, probes)
    sampler = Sampler(world, topology, plan.seed)
    clients = [Client(world, f"{plan.seed} {plan.topology}", number, CLIENTS / options.rate) for number in range(CLIENTS)]
    for key in range(KEYS):
        await probes[0].store(key)
    world.start = time.monotonic()
    await run_load(plan, world, injector, probes, pulses, sampler, clients)
    seconds = time.monotonic() - world.start
    counts = await last_checks(world, sampler)
    return Outcome(plan, world, injector, probes, pulses, sampler, clients, seconds, counts, relays.counts())


def run(plan, options):
    """Runs a plan, prints its figures, and gives whether nothing was wrong."""
    print(f"\n== {plan.topology}: seed {plan.seed}, {len(plan.faults)} faults in {plan.seconds:.0f} seconds", flush=True)
    for line in plan.lines():
        print("  " + line)
    sys.stdout.flush()
    with Scope(f"semcached-faults-{plan.topology}-") as scope, Relays() as relays:
        try:
            outcome = asyncio.run(drive(plan, options, scope, relays))
        except Exception:
            scope.is_kept = True
            print(f"logs: {scope.path}", file=sys.stderr)
            raise
        (scope.path / "schedule.txt").write_text("\n".join(f"{at:8.2f}  {text}" for at, text in outcome.notes) + "\n")
        (scope.path / "doubts.txt").write_text("\n".join(map(str, outcome.doubts())) + "\n")
        (scope.path / "outages.txt").write_text("\n".join(outcome.outages()) + "\n")
        if options.verbose:
            print((scope.path / "schedule.txt").read_text(), end="")
        for line in outcome.lines():
            print(line)
        if outcome.explained:
            (scope.path / "lost-by-redis.txt").write_text("\n\n".join(map(outcome.story, outcome.explained)) + "\n")
        scope.is_kept = bool(outcome.violations) or options.keep
        if options.keep:
            print(f"logs and histories: {scope.path}")
        if outcome.violations:
            schedule.write([plan], scope.path / "plan.json")
            (scope.path / "violations.txt").write_text("\n\n".join(map(outcome.story, outcome.violations)) + "\n")
            print(f"\nviolated with --seed {plan.seed} --topology {plan.topology}; logs, plan and all histories: {scope.path}")
            for violation in outcome.violations[:3]:
                print(outcome.story(violation))
        sys.stdout.flush()
        return not outcome.violations


def main():
    parser = argparse.ArgumentParser(prog="Scripts/faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--seed", type=int, help="drawn when it is not given")
    parser.add_argument("--seconds", type=float, default=150, help="of load, for each topology")
    parser.add_argument("--quick", action="store_true", help="few faults of each topology, within 90 seconds in all")
    parser.add_argument("--topology", default="single,sentinel,cluster")
    parser.add_argument("--plan", type=pathlib.Path, help="the faults of this file, as a violation leaves it")
    parser.add_argument("--rate", type=float, default=400, help="steps of all clients in a second, at most")
    parser.add_argument("--redis-server", default=servers.PROGRAM, help="the program that is run as Redis and as Sentinel")
    parser.add_argument("--index", choices=["local", "redis"], default="local", help="where similar questions are searched")
    parser.add_argument("--only", help="only faults of these kinds, separated by commas")
    parser.add_argument("--self-test", action="store_true", help="show the checker wrong answers, and nothing else")
    parser.add_argument("--keep", action="store_true", help="keep logs and histories without a violation, too")
    parser.add_argument("--verbose", action="store_true", help="print when each fault began and was healed")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    servers.PROGRAM = options.redis_server
    if not selftest.passes():
        return 1
    if options.self_test:
        return 0
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    if options.plan:
        plans = schedule.read(options.plan)
    else:
        kinds = options.only.split(",") if options.only else None
        plans = [schedule.draw(name, seed, options.seconds, options.quick, kinds) for name in options.topology.split(",")]
    try:
        results = [run(plan, options) for plan in plans]
    except DidNotStart as failure:
        print(f"faults: {failure}", file=sys.stderr)
        return 1
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
