"""A primary, its replicas, and Sentinels that decide which is which."""

import servers
from processes import free_ports, wait_until
from resp import RedisError, ask, figures
from servers import Server, Topology

MASTER = "main"


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
        server.program.command = [servers.PROGRAM, str(path)]
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
            f"sentinel down-after-milliseconds {MASTER} {servers.PATIENCE_MS}\nsentinel failover-timeout {MASTER} 3000\n"
            f"sentinel parallel-syncs {MASTER} 2\n"
        )
        self.program = scope.program(name, [servers.PROGRAM, path, "--sentinel"], port=port)

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
