import NIOCore
import SemanticCacheTesting
import Testing

extension BadDays {
    /// A primary, its replica, and two daemons that reach the one of them through an address that moves.
    @Suite struct FailoverTests {
        private struct Pair {
            let primary: RedisServer
            let standby: RedisServer
            let address: FaultyProxy
            let daemons: [Daemon]

            static func start() async throws -> Pair {
                let options = ["--repl-diskless-sync-delay", "0"]
                let primary = try await RedisServer.start(options: options)
                let standby = try await RedisServer.start(options: options)
                try standby.command("REPLICAOF", "127.0.0.1", "\(primary.port)")
                try await eventually("the standby follows") { try standby.replication("master_link_status") == "up" }
                let address = try await FaultyProxy.start(to: primary.port)
                let daemons = [
                    try await Daemon.start(redis: address.url, settings: BadDays.settings),
                    try await Daemon.start(redis: address.url, settings: BadDays.settings),
                ]
                return Pair(primary: primary, standby: standby, address: address, daemons: daemons)
            }

            /// Returns once the standby has all that the primary has.
            func standbyHasAll() async throws {
                try await eventually("the standby has all") {
                    let written = try primary.replication("master_repl_offset")
                    return try standby.replication("slave_repl_offset") == written
                }
            }

            /// Makes the standby the primary and moves the address there; the old one is dead, or silent if its machine
            /// is.
            func failOver(isSilent: Bool = false) throws {
                if isSilent { primary.pause() } else { primary.kill() }
                try standby.command("REPLICAOF", "NO", "ONE")
                address.point(to: standby.port)
            }

            /// Stores the answers of topics, as soon as Redis takes any.
            func store(topics: Range<Int>) async throws {
                for (place, number) in topics.enumerated() {
                    try await eventually("it is stored") {
                        let daemon = daemons[place % daemons.count]
                        let name = Topics.namespace(number)
                        return try await daemon.store(Topics.stored, Topics.answer(number), namespace: name).status
                            == 201
                    }
                }
            }
        }

        @Test(arguments: [false, true])
        func whereNothingWasLostReplicasAgreeAndServeNothingThatWasRemoved(isSilent: Bool) async throws {
            let pair = try await Pair.start()
            let (first, second) = (pair.daemons[0], pair.daemons[1])
            try await pair.store(topics: 0..<24)
            try await agree([first, second], on: Set(0..<24), of: 0..<24)
            try await first.remove(topics: 0..<4)
            for number in 4..<8 { try await second.flush(topic: number) }
            try await second.block(topic: 8)
            try await pair.standbyHasAll()
            try await expectNeverServed(Array(0..<8), by: [first, second]) {
                try pair.failOver(isSilent: isSilent)
                try await pair.store(topics: 24..<36)
                try await agree([first, second], on: Set(9..<36), of: 0..<36, blocked: [8])
            }
        }

        @Test func whereTheLastWritesWereLostReplicasForgetThemAndAgreeWithAFreshOne() async throws {
            let pair = try await Pair.start()
            let (first, second) = (pair.daemons[0], pair.daemons[1])
            try await pair.store(topics: 0..<16)
            try await first.remove(topics: 0..<4)
            try await pair.standbyHasAll()
            // What follows never reaches the standby.
            try pair.standby.command("REPLICAOF", "NO", "ONE")
            try await pair.store(topics: 16..<24)
            try await second.remove(topics: [4])
            try await first.flush(topic: 5)
            try await agree([first, second], on: Set(6..<24), of: 0..<24)
            // Its logs go on with records that the daemons have not seen.
            let third = try await Daemon.start(redis: pair.standby.url, settings: BadDays.settings)
            try await third.store(topics: 24..<40)
            try await third.remove(topics: [6])
            try await expectNeverServed(Array(0..<4), by: [first, second]) {
                try pair.failOver()
                try await pair.store(topics: 40..<48)
                // The removal and the flush that Redis has lost are lost, for all alike.
                let live = Set(4..<16).union(24..<48).subtracting([6])
                try await agree([first, second, third], on: live, of: 0..<48)
            }
        }

        @Test func connectionsToAPrimaryThatBecameAReplicaAreMadeAnew() async throws {
            let pair = try await Pair.start()
            let (first, second) = (pair.daemons[0], pair.daemons[1])
            try await pair.store(topics: 0..<12)
            try await agree([first, second], on: Set(0..<12), of: 0..<12)
            try await first.remove(topics: [0])
            try await pair.standbyHasAll()
            try await expectNeverServed([0], by: [first, second]) {
                try pair.standby.command("REPLICAOF", "NO", "ONE")
                pair.address.point(to: pair.standby.port)
                try pair.primary.command("REPLICAOF", "127.0.0.1", "\(pair.standby.port)")
                try await pair.store(topics: 12..<24)
                // The first write on each connection is refused, and says so.
                let removed = await eventually { try await second.remove(topic: 1) == 204 }
                #expect(removed)
                try await agree([first, second], on: Set(2..<24), of: 0..<24)
            }
        }
    }
}
