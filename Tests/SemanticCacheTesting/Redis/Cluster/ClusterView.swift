/// What one node says about its cluster: the reply to `CLUSTER NODES`.
struct ClusterView {
    /// A node, as another one sees it.
    struct Member {
        let id: String
        let port: Int
        /// `myself`, `master`, `slave`, `fail`, `fail?`, `handshake`, and so on.
        let flags: Set<Substring>
        /// The configuration epoch: of two who claim a slot, the greater one wins.
        let epoch: Int
        let slots: [ClosedRange<Int>]

        var isPrimary: Bool { flags.contains("master") }
        var isDoubted: Bool { !flags.isDisjoint(with: ["fail", "fail?", "handshake", "noaddr"]) }

        func owns(_ slot: Int) -> Bool { slots.contains { $0.contains(slot) } }

        /// Reads `<id> <host>:<port>@<bus port> <flags> <primary> <ping> <pong> <epoch> <link> <slots>…`.
        init?(line: Substring) {
            let words = line.split(separator: " ")
            guard words.count >= 8, let address = words[1].split(separator: "@").first,
                let port = address.split(separator: ":").last.flatMap({ Int($0) }), let epoch = Int(words[6])
            else { return nil }
            id = String(words[0])
            self.port = port
            flags = Set(words[2].split(separator: ","))
            self.epoch = epoch
            // Slots under way are in brackets.
            slots = words[8...].filter { !$0.hasPrefix("[") }.compactMap { word in
                let ends = word.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last else { return nil }
                return first...last
            }
        }
    }

    let members: [Member]
    /// The node that was asked.
    let myself: Member

    init(of node: RedisServer) throws {
        let lines = try node.command("CLUSTER", "NODES").text?.split(whereSeparator: \.isNewline) ?? []
        members = lines.compactMap { Member(line: $0) }
        guard let myself = members.first(where: { $0.flags.contains("myself") }) else {
            throw ChildProcess.Failure(description: "a node does not name itself")
        }
        self.myself = myself
    }

    /// The slots of each node that has any, by its id.
    var slots: [String: [ClosedRange<Int>]] {
        var slots: [String: [ClosedRange<Int>]] = [:]
        for member in members where !member.slots.isEmpty { slots[member.id] = member.slots }
        return slots
    }
}
