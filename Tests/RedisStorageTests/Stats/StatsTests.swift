import RedisStorage
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

struct StatsTests {
    private static let spans: [(StatsWindow, Int64)] = [
        (.fiveMinutes, 60), (.hour, 60), (.day, 900), (.week, 3600),
    ]
    private static let lifetimes: [(Int64, [StatsWindow])] = [
        (0, [.fiveMinutes, .hour, .day, .week, .all]), (240, [.fiveMinutes, .hour, .day, .week, .all]),
        (420, [.hour, .day, .week, .all]), (3540, [.hour, .day, .week, .all]), (3720, [.day, .week, .all]),
        (82_800, [.day, .week, .all]), (90_000, [.week, .all]), (518_400, [.week, .all]), (691_200, [.all]),
    ]
    private static let support = FlushTests.FlushCase.support

    @Test func everyCountComesBackAsItWas() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let flusher = deployment.flusher(time)
                let (one, other) = (Deployment.counts(3), Deployment.counts(2))
                #expect(await flusher.flush([Self.support: one, .default: other], status: Deployment.status()))
                #expect(await flusher.flush([Self.support: one], status: Deployment.status()))
                #expect(await flusher.flush([:], status: Deployment.status()))

                var twice = one
                twice.merge(one)
                var all = twice
                all.merge(other)
                for window in StatsWindow.allCases {
                    let report = try await deployment.reader(time).report(namespace: nil, window: window)
                    #expect(report.counts == all)
                    #expect(report.namespaces == ["support": twice, "default": other])
                    #expect(report.counts.lookups == all.lookups)
                    if window != .all {
                        #expect(report.series.map(\.counts).reduce(0) { $0 + $1.lookups } == all.lookups)
                    }
                    let own = try await deployment.reader(time).report(namespace: Self.support, window: window)
                    #expect(own.counts == twice)
                    #expect(own.namespaces == ["support": twice])
                }
            }
        }
    }

    @Test func nothingCountedIsAReportOfZeros() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let report = try await deployment.reader(CountedTime()).report(namespace: nil, window: .hour)
                #expect(report.counts == NamespaceCounts())
                #expect(report.counts.hitRatio == nil)
                #expect(report.namespaces.isEmpty && report.replicas.isEmpty)
                #expect(report.entries == 0 && report.bytes == 0)
            }
        }
    }

    /// Seconds that pass, and in which windows a count of before is then still.
    @Test(arguments: lifetimes)
    func countLeavesAWindowWhenItsTimeIsOver(seconds: Int64, windows: [StatsWindow]) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                _ = await deployment.flusher(time).flush(
                    [Self.support: Deployment.counts()],
                    status: Deployment.status()
                )
                time.advance(seconds: seconds)
                for window in StatsWindow.allCases {
                    let report = try await deployment.reader(time).report(namespace: nil, window: window)
                    let expected = windows.contains(window) ? Deployment.counts().lookups : 0
                    #expect(report.counts.lookups == expected, "\(window.rawValue)")
                }
            }
        }
    }

    @Test(arguments: spans)
    func seriesTellsWhenThingsHappened(window: StatsWindow, span: Int64) async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                let flusher = deployment.flusher(time)
                let first = time.now
                _ = await flusher.flush([Self.support: Deployment.counts(1)], status: Deployment.status())
                time.advance(seconds: span * 2)
                let second = time.now
                _ = await flusher.flush([Self.support: Deployment.counts(2)], status: Deployment.status())
                let report = try await deployment.reader(time).report(namespace: nil, window: window)
                let busy = report.series.filter { $0.counts.lookups > 0 }
                #expect(busy.map(\.at) == [first, second])
                #expect(busy.map(\.counts.lookups) == [1, 2].map { Deployment.counts($0).lookups })
                let gaps = zip(report.series, report.series.dropFirst()).map { $1.at.milliseconds - $0.at.milliseconds }
                #expect(Set(gaps) == [span * 1000])
            }
        }
    }

    @Test func countsOfManyNamespacesFitIntoSeveralBatches() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                var counts: [Namespace: NamespaceCounts] = [:]
                for number in 0..<120 { counts[try #require(Namespace("n\(number)"))] = Deployment.counts(2) }
                #expect(await deployment.flusher(time).flush(counts, status: Deployment.status()))
                let report = try await deployment.reader(time).report(namespace: nil, window: .hour)
                #expect(report.namespaces.count == 120)
                #expect(report.namespaces.values.allSatisfy { $0 == Deployment.counts(2) })
                let batches = try server.command("GET", "semcached:{stats}:seq:replica-1").integer ?? 0
                #expect(batches > 1)
            }
        }
    }

    @Test func whatIsNoCountIsLeftOut() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                for field in [
                    "support|miss", "support|latency", "support|latency.embed", "support|latency.embed.500",
                    "support|unknown", "nothing", "|", "", "support|miss.nonsense", "support|latency.embed.-1",
                ] {
                    try server.command("HSET", "semcached:{stats}:all", field, "5")
                }
                try server.command("HSET", "semcached:{stats}:all", "support|exact", "nonsense")
                try server.command("HSET", "semcached:{stats}:replicas", "r", "nonsense")
                let report = try await deployment.reader(CountedTime()).report(namespace: nil, window: .all)
                #expect(report.counts.lookups == 0)
                #expect(report.replicas.isEmpty)
            }
        }
    }

    @Test func entriesAndBytesAreThoseThatLive() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let keys = try (0..<150).map { try Deployment.key($0) }
                try await deployment.store(keys.map { Deployment.fill($0) })
                try await deployment.store([Deployment.fill(try Deployment.key(1, "faq"))])
                let time = CountedTime()
                let bytes = try await deployment.administration.entry(keys[0])?.bytes ?? 0
                let own = try await deployment.reader(time).report(namespace: Self.support, window: .hour)
                #expect(own.entries == 150)
                #expect(own.bytes == 150 * bytes)
                let all = try await deployment.reader(time).report(namespace: nil, window: .hour)
                #expect(all.entries == 151)
                #expect(all.bytes > own.bytes)
                _ = try await deployment.administration.flush(.all, isDryRun: false)
                let none = try await deployment.reader(time).report(namespace: nil, window: .hour)
                #expect(none.entries == 0 && none.bytes == 0)
            }
        }
    }

    @Test func replicasAreThoseHeardOfLately() async throws {
        try await withRedisServer { server in
            try await Deployment.run(server) { deployment in
                let time = CountedTime()
                _ = await deployment.flusher(time, replica: "a").flush([:], status: Deployment.status("a"))
                time.advance(seconds: 6)
                _ = await deployment.flusher(time, replica: "b").flush([:], status: Deployment.status("b"))
                let reader = deployment.reader(time)
                let both = try await reader.report(namespace: nil, window: .hour).replicas
                #expect(both == [Deployment.status("a"), Deployment.status("b")])
                time.advance(seconds: 6)
                #expect(try await reader.report(namespace: nil, window: .hour).replicas.map(\.id) == ["b"])
            }
        }
    }
}
