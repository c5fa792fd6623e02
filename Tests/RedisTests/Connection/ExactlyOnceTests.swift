import NIOCore
import Redis
import SemanticCacheTesting
import Testing

@Suite struct ExactlyOnceTests {
    /// Counts the completions of each command, on the loop of the connection.
    private final class Ledger {
        var counts: [Int] = []
        var mismatches = 0

        func open() -> Int {
            counts.append(0)
            return counts.count - 1
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func everyCompletionIsCalledOnceWhateverHappens(_ seed: UInt64) async throws {
        try await withRedisServer { server in
            var random = SeededGenerator(seed: seed)
            for _ in 0..<5 {
                let connection = try HostedConnection(server.unixURL) {
                    $0.initialBackoff = .milliseconds(1)
                    $0.maximumBackoff = .milliseconds(5)
                    $0.probeInterval = .milliseconds(5)
                    $0.maxInFlight = 200
                }
                try await connection.up()
                let ledger = try await connection.loop.submit {
                    NIOLoopBoundBox(Ledger(), eventLoop: connection.loop)
                }.get()
                for _ in 0..<60 {
                    switch Int.random(in: 0..<20, using: &random) {
                    case 0: try server.command("CLIENT", "KILL", "TYPE", "normal")
                    case 1: try await connection.on { Self.send(1, "BLPOP", .milliseconds(2), $0, ledger.value) }
                    case 2:
                        server.pause()
                        try await connection.on { Self.send(50, "ECHO", .milliseconds(2), $0, ledger.value) }
                        try await Task.sleep(for: .milliseconds(5))
                        server.resume()
                    case 3, 4: try await Task.sleep(for: .milliseconds(3))
                    default:
                        let count = Int.random(in: 1...80, using: &random)
                        let deadline = TimeAmount.microseconds(Int64.random(in: 0...20_000, using: &random))
                        try await connection.on { Self.send(count, "ECHO", deadline, $0, ledger.value) }
                    }
                }
                try await connection.close()
                let outcome = try await connection.loop.submit {
                    (counts: ledger.value.counts, mismatches: ledger.value.mismatches)
                }.get()
                #expect(outcome.counts.allSatisfy { $0 == 1 })
                #expect(outcome.counts.count > 100)
                #expect(outcome.mismatches == 0)
                #expect(try await connection.on { !$0.isAvailable && $0.inFlight == 0 })
            }
        }
    }

    private static func send(
        _ count: Int,
        _ name: String,
        _ deadline: TimeAmount,
        _ connection: RedisConnection,
        _ ledger: Ledger
    ) {
        for _ in 0..<count {
            let number = ledger.open()
            var command = RedisCommand(name, Array("\(number)".utf8))
            if name == "BLPOP" { command.append("0") }
            connection.send(command, deadline: .now() + deadline) { result in
                ledger.counts[number] += 1
                if let value = result.value, value.integer != Int64(number) { ledger.mismatches += 1 }
                // Re-entrancy: one in sixteen sends again, one in 500 closes.
                if number % 16 == 0, ledger.counts.count < 20_000 { send(1, "ECHO", deadline, connection, ledger) }
                if number % 500 == 499 { connection.close() }
            }
        }
    }
}
