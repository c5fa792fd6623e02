"""Makes the faults of a plan happen, heals them, and waits until all is well again."""

import asyncio
import time

import resharding
from accounts import CARRY_SECONDS
from history import Window
from resp import RedisError

HEALING_BOUND = 60.0
# How long after a promotion everybody has to know of it.
SETTLING_SECONDS = 1.0
# Healing may delay the faults; by more than so many times the plan's length, the last ones are left out.
LONGEST = 1.5
# What makes another server take over.
FAILOVERS = ("primary-kill", "primary-stop", "planned-failover", "restart-all")


class Injector:
    """One topology's faults; blocking work is done on threads beside the event loop."""

    def __init__(self, world, topology, relays, probes):
        self.world, self.topology, self.relays, self.probes = world, topology, relays, probes
        self.done = []
        self.background = []
        self.notes = []
        self.fault_began = None

    def say(self, text):
        self.notes.append((time.monotonic() - self.world.start, text))

    # Which servers lead.

    async def watch_primaries(self):
        """Opens a window of loss when another server takes over."""
        known = None
        while not self.world.is_over:
            await asyncio.sleep(0.15)
            try:
                names = await asyncio.to_thread(lambda: sorted(server.name for server in self.topology.primaries()))
            except (OSError, RedisError):
                continue
            full = 3 if self.topology.name == "cluster" else 1
            if len(names) != full or names == known:
                continue
            if known is not None:
                self.promoted(known, names)
            known = names

    def promoted(self, before, after):
        now = time.monotonic()
        self.say(f"{', '.join(sorted(set(after) - set(before)))} took over from {', '.join(sorted(set(before) - set(after)))}")
        # A planned failover of a cluster hands over without loss.
        if self.topology.name == "cluster" and self.world.fault == "planned-failover":
            return
        start = self.fault_began if self.fault_began is not None else now - 5
        self.world.history.windows.append(Window("failover", start, now + SETTLING_SECONDS))
        self.world.accounts.doubts.append((None, start - 1 - CARRY_SECONDS, now + SETTLING_SECONDS + CARRY_SECONDS, "failover"))

    # The plan.

    async def run(self, plan, after_each):
        for fault in plan.faults:
            await asyncio.sleep(max(0.0, self.world.start + fault.at - time.monotonic()))
            if time.monotonic() - self.world.start > plan.seconds * LONGEST + HEALING_BOUND:
                self.say(f"{fault.kind} and what follows is left out: it took too long")
                break
            if fault.kind in FAILOVERS:
                await self.wait_for_followers()
            self.world.fault, self.fault_began = fault.kind, time.monotonic()
            at = self.fault_began - self.world.start
            self.say(f"{fault.kind} begins" + (f", {at - fault.at:.1f} s late" if at > fault.at + 0.2 else ""))
            await getattr(self, fault.kind.replace("-", "_"))(fault)
            self.say(f"{fault.kind} is over")
            healed = await self.heal(fault)
            self.done.append((fault.kind, healed))
            await after_each()
            self.world.fault, self.fault_began = "none", None
        await asyncio.gather(*self.background)

    async def heal(self, fault):
        """Waits until Redis is whole and all probes work; gives the seconds."""
        began = time.monotonic()
        while time.monotonic() < began + HEALING_BOUND:
            if all(probe.works_since(began) for probe in self.probes) and await asyncio.to_thread(self.is_sound, self.topology.is_usable):
                self.say(f"healed {time.monotonic() - began:.1f} s after {fault.kind}")
                return time.monotonic() - began
            await asyncio.sleep(0.1)
        failing = {f"replica {probe.replica}": sorted(map(str, probe.failing)) for probe in self.probes if not probe.works_since(began)}
        text = f"{HEALING_BOUND:.0f} s after {fault.kind} not all is well: {failing or 'Redis itself'}"
        self.world.checker.suspect("healing", text, time.monotonic())
        return HEALING_BOUND

    async def wait_for_followers(self):
        """A server that came back follows only when Sentinel says so; without it the next failover would have no choice."""
        end = time.monotonic() + HEALING_BOUND
        while not await asyncio.to_thread(self.is_sound, self.topology.is_sound):
            if time.monotonic() > end:
                return self.say("not every server follows")
            await asyncio.sleep(0.1)

    @staticmethod
    def is_sound(check):
        try:
            return check()
        except (OSError, RedisError):
            return False

    # Replicas.

    def leave(self, place):
        """A replica is away from now on; gives what ends that."""
        span = [time.monotonic(), None]
        self.world.away[place].append(span)

        def come_back():
            span[1] = time.monotonic() + 0.3

        return come_back

    def doubt_counts(self, place, why):
        now = time.monotonic()
        since = self.probes[place].unreachable_at(now, CARRY_SECONDS + 1)
        # It carries its counts later when it has to wait for a core.
        waited = self.world.waited(place, now - 2 * CARRY_SECONDS, now)
        self.world.accounts.doubts.append((place, since - CARRY_SECONDS - waited, now + 0.2, why))

    async def replica_kill(self, fault):
        place = fault.target % len(self.world.replicas)
        come_back = self.leave(place)
        self.doubt_counts(place, "killed")
        await asyncio.to_thread(self.world.replicas[place].program.kill)
        await asyncio.sleep(fault.seconds)
        await asyncio.to_thread(self.world.replicas[place].start)
        come_back()

    async def replica_stop(self, fault):
        place = fault.target % len(self.world.replicas)
        come_back = self.leave(place)
        self.world.replicas[place].program.stop()
        await asyncio.sleep(fault.seconds)
        self.world.replicas[place].program.go_on()
        come_back()

    async def replica_restart(self, fault):
        place = fault.target % len(self.world.replicas)
        replica = self.world.replicas[place]
        come_back = self.leave(place)
        status = await asyncio.to_thread(replica.program.end)
        if status != 0:
            self.world.checker.suspect("end", f"replica {place} ended with status {status} after SIGTERM", time.monotonic())
        await asyncio.to_thread(replica.start)
        come_back()

    async def clock_ahead(self, fault):
        self.move_clock(fault, 3600)

    async def clock_behind(self, fault):
        self.move_clock(fault, -3600)

    def move_clock(self, fault, seconds):
        replica = self.world.replicas[fault.target % len(self.world.replicas)]
        replica.move_clock(seconds)

        async def right():
            await asyncio.sleep(fault.seconds)
            replica.move_clock(0)
            self.say(f"the clock of {replica.name} is right again")

        self.background.append(asyncio.ensure_future(right()))

    # The way to Redis.

    async def broken_way(self, fault, kind, value=0):
        if self.topology.name == "single":
            names = self.topology.relays
            names = names if fault.target % 4 == 3 else [names[fault.target % len(names)]]
        else:
            names = [(await self.primary(fault)).name]
        for name in names:
            await asyncio.to_thread(self.relays.fault, name, kind, value)
        await asyncio.sleep(fault.seconds)
        for name in names:
            await asyncio.to_thread(self.relays.fault, name, "none")

    async def resets(self, fault):
        await self.broken_way(fault, "cuts", 8 + fault.target % 20)

    async def slow(self, fault):
        await self.broken_way(fault, "slow", 100 + fault.target)

    async def half_open(self, fault):
        await self.broken_way(fault, "silence")

    # Servers.

    async def primary(self, fault):
        """A server that leads now."""
        while True:
            try:
                servers = await asyncio.to_thread(self.topology.primaries)
                if servers:
                    return servers[fault.target % len(servers)]
            except (OSError, RedisError):
                pass
            await asyncio.sleep(0.1)

    async def kill_and_start(self, program, seconds):
        await asyncio.to_thread(program.kill)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(program.start)

    @staticmethod
    async def stop_and_go_on(program, seconds):
        program.stop()
        await asyncio.sleep(seconds)
        program.go_on()

    async def redis_kill(self, fault):
        await self.kill_and_start(self.topology.servers[0].program, fault.seconds)

    async def redis_stop(self, fault):
        await self.stop_and_go_on(self.topology.servers[0].program, fault.seconds)

    async def primary_kill(self, fault):
        await self.kill_and_start((await self.primary(fault)).program, fault.seconds)

    async def primary_stop(self, fault):
        await self.stop_and_go_on((await self.primary(fault)).program, fault.seconds)

    async def primary_blink(self, fault):
        await self.stop_and_go_on((await self.primary(fault)).program, fault.seconds)

    async def follower_kill(self, fault):
        leading = await asyncio.to_thread(self.topology.primaries)
        following = [server for server in self.topology.servers if server not in leading]
        await self.kill_and_start(following[fault.target % len(following)].program, fault.seconds)

    async def sentinel_kill(self, fault):
        await self.kill_and_start(self.topology.sentinels[fault.target % 3].program, fault.seconds)

    async def sentinel_stop(self, fault):
        await self.stop_and_go_on(self.topology.sentinels[fault.target % 3].program, fault.seconds)

    async def planned_failover(self, fault):
        primary = await self.primary(fault)
        if self.topology.name == "sentinel":
            await asyncio.to_thread(self.topology.sentinels[fault.target % 3].fail_over)
        else:
            follower = await asyncio.to_thread(self.topology.replica_of, primary)
            await asyncio.to_thread(follower.ask, "CLUSTER", "FAILOVER")
        end = time.monotonic() + 20
        while await self.primary(fault) is primary and time.monotonic() < end:
            await asyncio.sleep(0.1)

    async def full_memory(self, fault):
        servers = await asyncio.to_thread(self.topology.primaries)
        for server in servers:
            await asyncio.to_thread(server.fill)
        await asyncio.sleep(fault.seconds)
        for server in servers:
            await asyncio.to_thread(server.unfill)

    async def flushall(self, fault):
        span = [time.monotonic(), None]
        self.world.history.emptied.append(span)
        await asyncio.to_thread(self.topology.flush_all)
        span[1] = time.monotonic()
        self.world.accounts.emptied = tuple(span)

    async def restart_all(self, fault):
        returns = [self.leave(place) for place in range(len(self.world.replicas))]
        for place, replica in enumerate(self.world.replicas):
            self.doubt_counts(place, "killed")
            await asyncio.to_thread(replica.program.kill)
        await asyncio.to_thread(self.topology.kill_all)
        await asyncio.sleep(fault.seconds)
        await asyncio.to_thread(self.topology.start_all)
        for replica in self.world.replicas:
            await asyncio.to_thread(replica.start)
        for come_back in returns:
            come_back()

    async def resharding(self, fault):
        """Moves slots with keys from one primary to another while they are used."""
        primaries = await asyncio.to_thread(self.topology.primaries)
        source = primaries[fault.target % 3]
        destination = primaries[(fault.target + 1 + fault.target // 3 % 2) % 3]
        moved = await asyncio.to_thread(resharding.move_slots, self.topology, source, destination, 10 + fault.target % 8)
        self.say(f"moved {moved[0]} slots with {moved[1]} keys from {source.name} to {destination.name}")
