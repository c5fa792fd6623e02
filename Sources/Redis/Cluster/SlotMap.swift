/// Which server of a cluster has which slots.
final class SlotMap: Sendable {
    /// The servers that have slots, each once.
    let hosts: [RedisHost]
    /// For each slot the place of its server in ``hosts``; ``nobody`` where it has none.
    private let owners: [UInt16]

    private static let nobody = UInt16.max

    /// A map of ranges of slots; of ranges that overlap, the last counts.
    init(_ ranges: [(slots: ClosedRange<Int>, host: RedisHost)]) {
        var hosts: [RedisHost] = []
        var places: [RedisHost: UInt16] = [:]
        var owners = [UInt16](repeating: Self.nobody, count: HashSlot.count)
        for (slots, host) in ranges {
            let place = places[host] ?? UInt16(hosts.count)
            if places.updateValue(place, forKey: host) == nil { hosts.append(host) }
            for slot in slots.clamped(to: 0...HashSlot.count - 1) { owners[slot] = place }
        }
        self.hosts = hosts
        self.owners = owners
    }

    /// The server of a slot, if it has one.
    func host(of slot: Int) -> RedisHost? {
        let owner = owners[slot]
        return owner == Self.nobody ? nil : hosts[Int(owner)]
    }

    /// How many slots have no server.
    var unassigned: Int { owners.count { $0 == Self.nobody } }
}

extension SlotMap: Equatable {
    static func == (left: SlotMap, right: SlotMap) -> Bool {
        left === right || left.hosts == right.hosts && left.owners == right.owners
    }
}

extension SlotMap {
    /// Reads a reply to `CLUSTER SLOTS`, in which `asked` may name itself by no name; nil when it is not one.
    ///
    /// Each element is first slot, last slot, the primary, then its replicas; a server is name, port and more. The
    /// order of hosts is that of their slots, so that servers that agree give equal maps.
    convenience init?(_ reply: RedisValue, from asked: RedisHost) {
        guard let elements = reply.elements else { return nil }
        var ranges: [(slots: ClosedRange<Int>, host: RedisHost)] = []
        for element in elements {
            guard let parts = element.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, let server = parts[2].elements, server.count >= 2,
                let port = server[1].integer, 0 <= first, first <= last, last < HashSlot.count
            else { return nil }
            let host = RedisHost(name: server[0].text ?? "", port: Int(port)).named(after: asked)
            guard 0 < host.port, host.port < 65_536 else { continue }
            ranges.append((Int(first)...Int(last), host))
        }
        self.init(ranges.sorted { $0.slots.lowerBound < $1.slots.lowerBound })
    }
}

extension RedisHost {
    /// This host, with the name of another where a server of that name left it out or does not know it.
    func named(after other: RedisHost) -> RedisHost {
        name.isEmpty || name == "?" ? RedisHost(name: other.name, port: port) : self
    }
}
