"""Redis servers, each behind a relay of its own, and the simplest of the three topologies."""

from processes import free_ports, wait_until
from resp import Redis, RedisError, ask, figures

# The server that is run; another one for a search inside Redis.
PROGRAM = "redis-server"
# How long Sentinels and cluster nodes wait before they take a server for dead.
PATIENCE_MS = 1500
# Entries must not be evicted: then what is gone is lost. A killed server has written all that it acknowledged, as it never
# waits for a disk (with everysec it does); only a machine that dies could lose it, and none does.
COMMON = ["--save", "", "--appendonly", "yes", "--appendfsync", "no", "--maxmemory-policy", "noeviction", "--enable-debug-command", "local"]
COMMON += ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1", "--repl-timeout", "10", "--bind", "127.0.0.1"]


class Server:
    """A redis-server: its own port, and the port of the relay before it."""

    def __init__(self, scope, relays, name, options, bus=None):
        self.name = name
        self.port = free_ports(1)[0]
        self.bus = bus
        self.announced = relays.listen(name, self.port)
        folder = scope.path / name
        folder.mkdir()
        announced = [word.format(announced=self.announced) for word in options]
        command = [PROGRAM, "--port", self.port, "--dir", folder, *COMMON, *announced]
        self.program = scope.program(name, command, port=self.port)

    def start(self):
        self.program.start()
        wait_until(lambda: self.ask("PING") == b"PONG", f"{self.name} answers")

    def ask(self, *words, timeout=2.0):
        """A command, past the relay; while it loads that is an OSError."""
        try:
            return ask(self.port, *words, timeout=timeout)
        except RedisError as error:
            if str(error).startswith(("LOADING", "MASTERDOWN")):
                raise OSError(str(error)) from None
            raise

    def answers(self):
        try:
            return self.ask("PING", timeout=0.5) == b"PONG"
        except (OSError, RedisError):
            return False

    def replication(self):
        return figures(self.port, "replication", timeout=0.5)

    def is_primary(self):
        return self.program.is_running and not self.program.is_stopped and self.replication()["role"] == "master"

    def fill(self):
        """Sets the memory limit below what it uses: no write that needs memory is taken."""
        used = int(figures(self.port, "memory")["used_memory"])
        self.ask("CONFIG", "SET", "maxmemory", max(1, used // 2))

    def unfill(self):
        self.ask("CONFIG", "SET", "maxmemory", "0")


class Topology:
    """What the three have in common."""

    name = ""
    # Whether a write that was acknowledged can be lost when this kills a primary.
    loses_writes = False

    def __init__(self):
        self.servers, self.sentinels = [], []

    def every(self):
        return self.servers + self.sentinels

    def primaries(self):
        """The servers that take writes now."""
        return [server for server in self.servers if server.is_primary()]

    def is_sound(self):
        """Whether everything is up and nothing is on its way any more."""
        return all(server.answers() for server in self.servers)

    def is_usable(self):
        """Whether the next fault may come."""
        return self.is_sound()

    def kill_all(self):
        for server in self.every():
            server.program.kill()

    def start_all(self):
        for server in self.every():
            server.program.start()

    def kinds(self, entries):
        """For each entry id that some primary has under its key, the second byte of the value: what kind it is."""
        suffixes, kinds = {b":e:" + bytes.fromhex(entry): entry for entry in entries}, {}
        for server in self.primaries():
            with Redis(server.port, 10) as redis:
                for name in redis.keys():
                    entry = suffixes.get(name[-35:])
                    if entry:
                        kinds[entry] = redis.call("GETRANGE", name, 1, 1)
        return kinds

    def flush_all(self):
        for server in self.primaries():
            server.ask("FLUSHALL", timeout=10)


class Single(Topology):
    """One server with persistence; each replica of semcached reaches it through a relay of its own."""

    name = "single"

    def __init__(self, scope, relays, replicas):
        super().__init__()
        self.servers = [Server(scope, relays, "redis", [])]
        self.servers[0].start()
        self.relays = [f"redis-{place}" for place in range(replicas)]
        self.ports = [relays.listen(name, self.servers[0].port) for name in self.relays]

    def url(self, replica):
        return f"redis://127.0.0.1:{self.ports[replica]}/0"
