"""Moves slots from one primary of a cluster to another while they are used, as redis-cli --cluster reshard does."""

import time

from resp import Redis


def move_slots(topology, source, destination, count):
    """Moves so many slots with keys; gives how many they were, and how many keys they held."""
    slots, moved = [], 0
    with Redis(source.port, 10) as redis, Redis(destination.port, 10) as other:
        for name in sorted(redis.keys()):
            slot = redis.call("CLUSTER", "KEYSLOT", name)
            if slot not in slots:
                slots.append(slot)
        for slot in slots[:count]:
            moved += move_slot(topology, slot, source, destination, redis, other)
    return min(count, len(slots)), moved


def move_slot(topology, slot, source, destination, redis, other):
    here, there = topology.identity(source), topology.identity(destination)
    other.call("CLUSTER", "SETSLOT", slot, "IMPORTING", here)
    redis.call("CLUSTER", "SETSLOT", slot, "MIGRATING", there)
    moved = 0
    while names := redis.call("CLUSTER", "GETKEYSINSLOT", slot, 5):
        redis.call("MIGRATE", "127.0.0.1", destination.port, "", 0, 5000, "KEYS", *names)
        moved += len(names)
        # Long enough for calls to meet the slot half moved.
        time.sleep(0.01)
    for server in [destination, source]:
        server.ask("CLUSTER", "SETSLOT", slot, "NODE", there)
    return moved
