"""Which fault comes when: drawn from a seed, written as JSON, read again."""

import dataclasses
import json
import random

REPLICAS = 3
# How long the load runs before the first fault, and after the last has healed.
LEAD_SECONDS = 2.0
TAIL_SECONDS = 1.0

# For each topology the faults, and how long each lasts at least and at most; healing takes its own time.
COMMON = {
    "replica-kill": (0.5, 1.5),
    "replica-stop": (1.0, 3.0),
    "replica-restart": (0.0, 0.0),
    "clock-ahead": (4.0, 8.0),
    "clock-behind": (4.0, 8.0),
    "resets": (1.5, 3.0),
    "slow": (1.5, 3.0),
    "half-open": (1.5, 3.0),
    "full-memory": (1.5, 3.0),
    "flushall": (0.0, 0.0),
    "restart-all": (0.5, 1.5),
}
KINDS = {
    "single": COMMON | {"redis-kill": (0.5, 2.0), "redis-stop": (0.5, 3.0)},
    "sentinel": COMMON
    | {
        "primary-kill": (3.0, 5.0),
        "primary-blink": (0.1, 0.8),
        "primary-stop": (4.0, 6.0),
        "follower-kill": (0.5, 2.0),
        "sentinel-kill": (1.0, 3.0),
        "sentinel-stop": (1.0, 3.0),
        "planned-failover": (0.0, 0.0),
    },
    "cluster": COMMON
    | {
        "primary-kill": (3.0, 5.0),
        "primary-blink": (0.1, 0.8),
        "primary-stop": (4.0, 6.0),
        "follower-kill": (0.5, 2.0),
        "planned-failover": (0.0, 0.0),
        "resharding": (0.0, 0.0),
    },
}
# What a short run has, in this order.
QUICK = {
    "single": ["replica-kill", "resets", "redis-kill", "half-open", "full-memory", "flushall"],
    "sentinel": ["clock-ahead", "primary-kill"],
    "cluster": ["resharding", "planned-failover", "primary-kill"],
}


@dataclasses.dataclass
class Fault:
    """One fault: seconds after the load began, how many it lasts, and a number that chooses what it hits."""

    at: float
    kind: str
    seconds: float
    target: int


@dataclasses.dataclass
class Plan:
    """The faults of one topology, and the seed of its clients."""

    topology: str
    seed: int
    seconds: float
    faults: list

    def lines(self):
        return [f"{fault.at:7.1f} s  {fault.kind} for {fault.seconds:.1f} s, target {fault.target}" for fault in self.faults]


def healing(topology, kind):
    """How many seconds are left for healing before the next fault; one that takes longer delays what follows."""
    if kind in ("restart-all", "replica-restart", "replica-kill"):
        return 5.0
    if topology != "single" and kind in ("primary-kill", "primary-stop", "planned-failover", "resharding"):
        return 4.0
    return 2.5


def draw(topology, seed, seconds, is_quick, only=None):
    """The plan of a seed: all kinds in a drawn order, again and again, until the time is over."""
    random_ = random.Random(f"{seed} {topology}")
    kinds = QUICK[topology] if is_quick else sorted(KINDS[topology])
    if only:
        kinds = [kind for kind in sorted(KINDS[topology]) if kind in only]
    faults, at = [], LEAD_SECONDS
    clocks_are_right = 0.0
    while True:
        for kind in kinds if is_quick else random_.sample(kinds, len(kinds)):
            least, most = KINDS[topology][kind]
            lasts = round(least if is_quick else random_.uniform(least, most), 1)
            if kind.startswith("clock"):
                # Two clocks wrong at once, one an hour ahead, one behind, are further apart than a ticket lives.
                at = max(at, clocks_are_right)
                clocks_are_right = at + lasts + 2.0
            if at + lasts > seconds and not is_quick:
                return Plan(topology, seed, seconds, faults)
            faults.append(Fault(round(at, 1), kind, lasts, random_.randrange(1000)))
            # The clock goes wrong beside what comes next.
            at += (0.5 if kind.startswith("clock") else lasts) + healing(topology, kind) * (0.5 if is_quick else 1) + random_.uniform(0, 0.5 if is_quick else 1.5)
        if is_quick:
            return Plan(topology, seed, round(at, 1), faults)


def write(plans, path):
    path.write_text(json.dumps([dataclasses.asdict(plan) for plan in plans], indent=1) + "\n")


def read(path):
    plans = json.loads(path.read_text())
    return [Plan(plan["topology"], plan["seed"], plan["seconds"], [Fault(**fault) for fault in plan["faults"]]) for plan in plans]
