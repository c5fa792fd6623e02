"""Redis in one of three topologies, each server behind a relay of its own."""

from processes import free_ports, wait_until
from resp import Redis, RedisError, ask, figures

MASTER = "main"
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


class Sentinel(Topology):
    """A primary, two replicas and three Sentinels that know the servers by their relays."""

    name = "sentinel"
    loses_writes = True

    def __init__(self, scope, relays, replicas):
        super().__init__()
        announce = ["--replica-announce-ip", "127.0.0.1", "--replica-announce-port", "{announced}"]
        self.servers = [Server(scope, relays, f"redis-{place}", announce) for place in range(3)]
        for server in self.servers:
            server.start()
        first = self.servers[0]
        for server in self.servers[1:]:
            server.ask("REPLICAOF", "127.0.0.1", first.announced)
        # With its configuration in a file, a server comes back as what it was.
        for server in self.servers:
            self.keep_configuration(scope, server)
        wait_until(lambda: all(server.replication()["master_link_status"] == "up" for server in self.servers[1:]), "the replicas follow")
        ports = free_ports(3)
        for place, port in enumerate(ports):
            self.sentinels.append(SentinelServer(scope, f"sentinel-{place}", port, first.announced))
        for sentinel in self.sentinels:
            sentinel.program.start()
        wait_until(self.is_sound, "the Sentinels know each other")

    @staticmethod
    def keep_configuration(scope, server):
        path = scope.path / server.name / "redis.conf"
        words = [str(word) for word in server.program.command[1:]]
        lines, option = [], []
        for word in words + ["--"]:
            if word.startswith("--") and option:
                lines.append(" ".join(f'"{value}"' if value == "" or " " in value else value for value in option))
                option = []
            option.append(word.removeprefix("--"))
        following = server.replication()
        if following["role"] == "slave":
            lines.append(f"replicaof {following['master_host']} {following['master_port']}")
        path.write_text("\n".join(lines) + "\n")
        server.program.kill()
        server.program.command = [PROGRAM, str(path)]
        server.start()

    def url(self, replica):
        hosts = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis-sentinel://{hosts}/{MASTER}"

    def master(self):
        """The server that most Sentinels name; None while they do not agree."""
        named = [sentinel.master() for sentinel in self.sentinels]
        for server in self.servers:
            if named.count(server.announced) >= 2:
                return server
        return None

    def primaries(self):
        server = self.master()
        return [server] if server else []

    def is_usable(self):
        """A primary that was replaced may still have to be told that it was: that takes Sentinel ten seconds."""
        master = self.master()
        if not master or not all(server.answers() for server in self.every()):
            return False
        leading = master.replication()
        return leading["role"] == "master" and int(leading["connected_slaves"]) >= 1

    def is_sound(self):
        master = self.master()
        if not master or not all(sentinel.answers() for sentinel in self.sentinels):
            return False
        if master.replication()["role"] != "master" or int(master.replication()["connected_slaves"]) != 2:
            return False
        others = [server.replication() for server in self.servers if server is not master]
        if any(other["role"] != "slave" or other["master_link_status"] != "up" for other in others):
            return False
        if any(int(other["master_port"]) != master.announced for other in others):
            return False
        return all(sentinel.sees_all(master.announced) for sentinel in self.sentinels)


class SentinelServer:
    """A Sentinel, asked on its own port."""

    def __init__(self, scope, name, port, master):
        self.name, self.port = name, port
        path = scope.path / f"{name}.conf"
        path.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {scope.path}\nsentinel monitor {MASTER} 127.0.0.1 {master} 2\n"
            f"sentinel down-after-milliseconds {MASTER} {PATIENCE_MS}\nsentinel failover-timeout {MASTER} 3000\n"
            f"sentinel parallel-syncs {MASTER} 2\n"
        )
        self.program = scope.program(name, [PROGRAM, path, "--sentinel"], port=port)

    def answers(self):
        try:
            return ask(self.port, "PING", timeout=0.5) == b"PONG"
        except (OSError, RedisError):
            return False

    def master(self):
        """The port of the primary; None when it does not say."""
        if not self.program.is_running or self.program.is_stopped:
            return None
        try:
            return int(ask(self.port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER, timeout=0.5)[1])
        except (OSError, RedisError):
            return None

    def sees_all(self, master):
        """Whether it has the view that all shall have; one that takes a server for a stray primary would demote it later."""
        line = figures(self.port, "sentinel", timeout=0.5).get("master0", "")
        followers = ask(self.port, "SENTINEL", "REPLICAS", MASTER, timeout=0.5)
        roles = [follower[follower.index(b"role-reported") + 1] for follower in followers]
        return "status=ok," in line and f":{master},slaves=2,sentinels=3" in line and roles == [b"slave", b"slave"]

    def fail_over(self):
        ask(self.port, "SENTINEL", "FAILOVER", MASTER)


class Cluster(Topology):
    """Three primaries and a replica of each, known to clients by their relays and to each other by a bus of their own."""

    name = "cluster"
    loses_writes = True

    def __init__(self, scope, relays, replicas):
        super().__init__()
        buses = free_ports(6)
        for place, bus in enumerate(buses):
            options = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", str(PATIENCE_MS)]
            options += ["--cluster-port", str(bus), "--cluster-announce-ip", "127.0.0.1", "--cluster-announce-bus-port", str(bus)]
            options += ["--cluster-announce-port", "{announced}"]
            self.servers.append(Server(scope, relays, f"redis-{place}", options, bus))
        for server in self.servers:
            server.start()
        self.identities = [server.ask("CLUSTER", "MYID").decode() for server in self.servers]
        for place, first in enumerate(range(0, 16384, 5462)):
            self.servers[place].ask("CLUSTER", "ADDSLOTSRANGE", first, min(first + 5461, 16383))
        for place, server in enumerate(self.servers):
            server.ask("CLUSTER", "SET-CONFIG-EPOCH", place + 1)
        for server in self.servers[1:]:
            server.ask("CLUSTER", "MEET", "127.0.0.1", self.servers[0].port, self.servers[0].bus)
        wait_until(lambda: all(len(self.view(server)) == 6 for server in self.servers), "the nodes know each other")
        for place in range(3):
            replica = self.servers[3 + place]
            wait_until(lambda: self.replicate(replica, place), "a node follows")
        wait_until(self.is_sound, "the cluster is up")

    def replicate(self, replica, place):
        try:
            return replica.ask("CLUSTER", "REPLICATE", self.identities[place]) == b"OK"
        except RedisError:
            return False

    @staticmethod
    def view(server):
        """The nodes as one of them sees them: by id its flags, its primary and its slots."""
        nodes = {}
        for line in server.ask("CLUSTER", "NODES").decode().splitlines():
            words = line.split()
            nodes[words[0]] = (set(words[2].split(",")), words[3], [word for word in words[8:] if not word.startswith("[")])
        return nodes

    def url(self, replica):
        return "redis-cluster://" + ",".join(f"127.0.0.1:{server.announced}" for server in self.servers)

    def identity(self, server):
        return self.identities[self.servers.index(server)]

    def primaries(self):
        """The servers with slots, as one that runs sees it."""
        for witness in self.servers:
            if witness.program.is_running and not witness.program.is_stopped:
                nodes = self.view(witness)
                return [
                    server
                    for server, identity in zip(self.servers, self.identities)
                    if identity in nodes and "master" in nodes[identity][0] and "fail" not in nodes[identity][0] and nodes[identity][2]
                ]
        return []

    def replica_of(self, primary):
        """A server that follows this one."""
        nodes = self.view(primary)
        for server, identity in zip(self.servers, self.identities):
            if nodes.get(identity, ((), "", ()))[1] == self.identity(primary):
                return server
        return None

    def is_sound(self):
        for server in self.servers:
            information = server.ask("CLUSTER", "INFO").decode()
            if "cluster_state:ok" not in information or "cluster_slots_ok:16384" not in information:
                return False
            nodes = self.view(server)
            if len(nodes) != 6 or any({"fail", "fail?", "handshake", "noaddr"} & flags for flags, _, _ in nodes.values()):
                return False
            if sum("master" in flags and bool(slots) for flags, _, slots in nodes.values()) != 3:
                return False
            following = server.replication()
            if following["role"] == "slave" and following["master_link_status"] != "up":
                return False
        return all(self.replica_of(primary) for primary in self.primaries())


def topology(name, scope, relays, replicas):
    """Starts Redis in that topology."""
    return {"single": Single, "sentinel": Sentinel, "cluster": Cluster}[name](scope, relays, replicas)
