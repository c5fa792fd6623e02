import NIOCore
import SemanticCacheTesting
import Testing

extension BadDays {
    /// A primary, its replica, and two daemons that reach the one of them through an address that moves.
    @Suite struct FailoverTests {
        private struct Deployment {
            let primary: RedisServer
            let standby: RedisServer
            let address: FaultyProxy
            let daemons: [Daemon]

            static func start() async throws -> Deployment {
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
                return Deployment(primary: primary, standby: standby, address: address, daemons: daemons)
            }

            /// Returns once the standby has all that the primary has.
            func standbyHasAll() async throws {
                try await eventually("the standby has all") {
                    let written = try primary.replication("master_repl_offset")
                    return try standby.replication("slave_repl_offset") == written
                }
            }

            /// Kills the primary, makes the standby one and moves the address there.
            func failOver() throws {
                primary.kill()
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

        @Test func whereNothingWasLostReplicasAgreeAndServeNothingThatWasRemoved() async throws {
            let deployment = try await Deployment.start()
            let (first, second) = (deployment.daemons[0], deployment.daemons[1])
            try await deployment.store(topics: 0..<24)
            try await agree([first, second], on: Set(0..<24), of: 0..<24)
            try await first.remove(topics: 0..<4)
            for number in 4..<8 { try await second.flush(topic: number) }
            try await second.block(topic: 8)
            try await deployment.standbyHasAll()
            try await expectNeverServed(Array(0..<8), by: [first, second]) {
                try deployment.failOver()
                try await deployment.store(topics: 24..<36)
                try await agree([first, second], on: Set(9..<36), of: 0..<36, blocked: [8])
            }
        }

        @Test func whereTheLastWritesWereLostReplicasForgetThemAndAgreeWithAFreshOne() async throws {
            let deployment = try await Deployment.start()
            let (first, second) = (deployment.daemons[0], deployment.daemons[1])
            try await deployment.store(topics: 0..<16)
            try await first.remove(topics: 0..<4)
            try await deployment.standbyHasAll()
            // What follows never reaches the standby.
            try deployment.standby.command("REPLICAOF", "NO", "ONE")
            try await deployment.store(topics: 16..<24)
            try await second.remove(topics: [4])
            try await first.flush(topic: 5)
            try await agree([first, second], on: Set(6..<24), of: 0..<24)
            // Its logs go on with records that the daemons have not seen.
            let third = try await Daemon.start(redis: deployment.standby.url, settings: BadDays.settings)
            try await third.store(topics: 24..<40)
            try await third.remove(topics: [6])
            try await expectNeverServed(Array(0..<4), by: [first, second]) {
                try deployment.failOver()
                try await deployment.store(topics: 40..<48)
                // The removal and the flush that Redis has lost are lost, for all alike.
                let live = Set(4..<16).union(24..<48).subtracting([6])
                try await agree([first, second, third], on: live, of: 0..<48)
            }
        }

        @Test func connectionsToAPrimaryThatBecameAReplicaAreMadeAnew() async throws {
            let deployment = try await Deployment.start()
            let (first, second) = (deployment.daemons[0], deployment.daemons[1])
            try await deployment.store(topics: 0..<12)
            try await agree([first, second], on: Set(0..<12), of: 0..<12)
            try await first.remove(topics: [0])
            try await deployment.standbyHasAll()
            try await expectNeverServed([0], by: [first, second]) {
                try deployment.standby.command("REPLICAOF", "NO", "ONE")
                deployment.address.point(to: deployment.standby.port)
                try deployment.primary.command("REPLICAOF", "127.0.0.1", "\(deployment.standby.port)")
                try await deployment.store(topics: 12..<24)
                // The first write on each connection is refused, and says so.
                let removed = await eventually { try await second.remove(topic: 1) == 204 }
                #expect(removed)
                try await agree([first, second], on: Set(2..<24), of: 0..<24)
            }
        }
    }
}

extension RedisServer {
    /// A figure of its replication.
    fileprivate func replication(_ name: String) throws -> String? {
        let lines = try command("INFO", "replication").text?.split(whereSeparator: \.isNewline) ?? []
        return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
