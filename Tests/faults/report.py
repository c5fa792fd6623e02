"""What a run has seen, in lines."""

import collections

from injection import SETTLING_SECONDS


class Outcome:
    """The figures of one topology."""

    def __init__(self, plan, world, injector, probes, pulses, sampler, clients, load_seconds, counts, relays):
        self.plan, self.world = plan, world
        self.violations, self.explained = world.checker.settle()
        self.faults = collections.Counter(kind for kind, _ in injector.done)
        self.healing = {}
        for kind, seconds in injector.done:
            self.healing[kind] = max(self.healing.get(kind, 0.0), seconds)
        self.notes = injector.notes
        self.probes, self.pulses, self.sampler = probes, pulses, sampler
        self.steps = sum(client.steps for client in clients)
        self.load_seconds, self.counts, self.relays = load_seconds, counts, relays

    def longest(self):
        """By kind of fault the longest times without lookups and without stores, at any replica that was there."""
        longest = collections.defaultdict(lambda: {"lookups": 0.0, "stores": 0.0})
        for probe in self.probes:
            for (fault, kind), seconds in probe.longest.items():
                longest[fault][kind] = max(longest[fault][kind], seconds)
        return longest

    def lines(self):
        world, checker = self.world, self.world.checker
        answered = len(world.accounts.answers)
        yield f"faults injected: {sum(self.faults.values())}"
        longest = self.longest()
        yield f"  {'kind':18} {'times':>5}  {'healed after':>12}  {'no lookups':>10}  {'no stores':>9}   (longest, seconds)"
        for kind in sorted(set(self.faults) | set(longest)):
            away = longest[kind]
            yield f"  {kind:18} {self.faults[kind]:5}  {self.healing.get(kind, 0):12.1f}  {away['lookups']:10.2f}  {away['stores']:9.2f}"
        yield (
            f"requests: {sum(world.statuses.values())} answered ({sum(world.statuses.values()) / self.load_seconds:.0f} a second), "
            f"{world.ended_calls} without an answer; {self.steps} steps of clients"
        )
        yield "  by status: " + ", ".join(f"{path} {status}: {count}" for (path, status), count in sorted(world.statuses.items()))
        outcomes = collections.Counter(outcome for _, _, _, outcome in world.accounts.answers)
        yield f"  by outcome ({answered}): " + ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common())
        cuts = sum(map(len, world.history.cuts.values())) + sum(map(len, world.history.removals.values()))
        yield (
            f"checked: {checker.checked['lookups']} lookups for time, {checker.checked['answers']} answers for whose they are and whether they "
            f"may still be, {checker.checked['leases']} leases; {len(world.history.fills)} fills, {cuts} flushes and removals, "
            f"{sum(map(len, world.history.blocks.values()))} blocks"
        )
        yield f"acknowledged answers asked for again: {self.sampler.asked}, hits {self.sampler.hits}; lost by Redis in failovers: {sum(self.sampler.lost.values())}"
        explained = collections.Counter(suspect.rule for suspect in self.explained)
        inside = explained.pop("lease", 0)
        outside = sum(violation.rule == "lease" for violation in self.violations)
        yield f"double fills: {outside} outside of failovers, {inside} inside"
        undone = {suspect.undone for suspect in self.explained if suspect.undone}
        late = sum(self.took_over_before(begun) for _, _, begun in undone)
        yield (
            f"flushes, removals and blocks that Redis lost in failovers: {len(undone)}, {late} of them begun after the takeover was known; "
            f"lookups that saw it: {sum(explained.values())} {dict(explained) or ''}".rstrip()
        )
        yield from self.time_lines()
        yield self.counts
        yield f"relays: {self.relays['cuts']} replies cut, {self.relays['silenced']} connections silenced"
        yield f"violations: {len(self.violations)}"

    def time_lines(self):
        checker = self.world.checker
        late = [seconds for seconds, _ in checker.lateness]
        beyond = [seconds for _, seconds in checker.lateness]
        for name, times in [("after their deadline", late), ("beyond the time that clients and replica waited for a core", beyond)]:
            over = ", ".join(f"{sum(seconds > bound / 1000 for seconds in times)} by more than {bound} ms" for bound in (0, 10, 50, 100, 200, 350))
            yield f"lookups {name}: {over}; the latest by {max(times, default=0) * 1000:.0f} ms"
        slowest, worst = max(pulse.slowest for pulse in self.pulses), max(pulse.worst for pulse in self.pulses)
        yield (
            f"  the clients' own lag: at most {max((lag for _, lag in self.world.lags), default=0) * 1000:.0f} ms; "
            f"the slowest healthz {slowest * 1000:.0f} ms, beyond the wait for a core {worst * 1000:.0f} ms"
        )

    def outages(self):
        """Every time without lookups or stores at a replica that was there, in lines."""
        spans = sorted((*span, probe.replica) for probe in self.probes for span in probe.spans)
        for start, end, what, fault, replica in spans:
            name = what if what == "store" else f"lookup {what}"
            yield f"{start - self.world.start:9.3f}  {end - start:6.3f} s  replica {replica} {name}, {fault}"

    def took_over_before(self, time):
        """Whether another server had taken over already, within the time that is allowed to notice it."""
        return any(window.end - SETTLING_SECONDS <= time <= window.end for window in self.world.history.windows)

    def doubts(self):
        """Times whose answers may be missing in the counters, in lines."""
        for replica, start, end, why in sorted(self.world.accounts.doubts, key=lambda doubt: doubt[1]):
            yield f"{start - self.world.start:9.3f} to {end - self.world.start:9.3f}  replica {'any' if replica is None else replica}: {why}"

    def story(self, violation):
        """A violation and the history of its question."""
        start = self.world.start
        lines = [f"{violation.at - start:9.3f}  {violation.rule}: {violation.text}"]
        if violation.question >= 0:
            since = violation.at - 20
            lines += ["    " + line for line in self.world.history.story(violation.namespace, violation.question, start, since)]
        return "\n".join(lines)
