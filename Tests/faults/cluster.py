"""Redis Cluster."""

import servers
from processes import free_ports, wait_until
from resp import RedisError
from servers import Server, Topology


class Cluster(Topology):
    """Three primaries and a replica of each, known to clients by their relays and to each other by a bus of their own."""

    name = "cluster"
    loses_writes = True

    def __init__(self, scope, relays, replicas):
        super().__init__()
        buses = free_ports(6)
        for place, bus in enumerate(buses):
            options = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", str(servers.PATIENCE_MS)]
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
