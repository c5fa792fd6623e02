import NIOHTTP1
import SemanticCacheTesting
import Testing

extension Topologies {
    /// What an operator reads who has written a URL of the wrong kind.
    @Suite struct WrongURLTests {
        @Test(arguments: [
            ("redis-cluster://", "the host is missing"), ("redis-cluster://a:1,,b:2", "the host is missing"),
            ("redis-cluster://a:1/3", "a cluster has no database but 0"),
            ("redis-sentinel://a:26379", "the name of the primary is missing"),
            ("redis-sentinel://a:26379?sentinel_password=hunter22", "the name of the primary is missing"),
            ("redis://a:1,b:2", "redis-cluster://"), ("redis+cluster://a:1", "the scheme is unknown"),
            ("redis-cluster://u:hunter22@a:x", "the port is not a number"),
        ])
        func isRefusedAtTheStart(_ url: String, _ reason: String) async throws {
            let (status, output) = try await Daemon.run(redis: url, arguments: [])
            #expect(status != 0)
            #expect(output.contains(reason), "\(output)")
            #expect(!output.contains("hunter22"))
        }

        /// Starts a daemon that cannot be ready; gives what readyz and the log say once readyz says `reason`.
        private func expect(_ reason: String, of url: String) async throws {
            let daemon = try await Daemon.start(redis: url, waitsUntilReady: false)
            var answer: Answer?
            let isSaid = await eventually {
                answer = try await daemon.get("/readyz")
                return answer?.status == 503 && answer?.text.contains(reason) == true
            }
            #expect(isSaid, "\(answer?.text ?? "")")
            print("outage: \(url.prefix { $0 != ":" }): readyz: \(answer?.text ?? "")")
            let isLogged = await eventually { daemon.logText.contains(reason) }
            #expect(isLogged, "\(daemon.logText.suffix(2000))")
            let lookup = try await daemon.lookup("Is it up?")
            #expect(lookup.outcome == "bypass redis_unavailable", "\(lookup.text)")
            // What is said once is not said again and again.
            let lines = daemon.logText.split(whereSeparator: \.isNewline).count { $0.contains(reason) }
            #expect(lines < 40, "\(lines)")
        }

        @Test func aClusterThatIsNamedAsOneServerIsSaid() async throws {
            try await withRedisCluster { cluster in
                try await expect(
                    "belongs to a cluster; write redis-cluster://",
                    of: "redis://127.0.0.1:\(cluster.nodes[1].port)"
                )
            }
        }

        @Test func aServerThatIsNamedAsAClusterIsSaid() async throws {
            try await withRedisServer { server in
                try await expect(
                    "is no server of a cluster, for which write redis://",
                    of: "redis-cluster://127.0.0.1:\(server.port)"
                )
            }
        }

        @Test func aSentinelThatIsNamedAsAServerIsSaid() async throws {
            try await withRedisSentinels { redis in
                try await expect(
                    "is a Sentinel; write redis-sentinel://",
                    of: "redis://127.0.0.1:\(redis.sentinels[0].port)"
                )
                try await expect(
                    "does not know that name",
                    of: redis.url.replacing("/cache", with: "/cash")
                )
                try await expect(
                    "is it a Sentinel?",
                    of: "redis-sentinel://127.0.0.1:\(redis.servers[0].port)/cache"
                )
            }
        }

        @Test(arguments: ["redis://HOST", "redis-cluster://HOST", "redis-sentinel://HOST/cache"])
        func aServerThatIsNotThereIsSaid(_ url: String) async throws {
            let host = "127.0.0.1:\(try RedisServer.freePort())"
            try await expect("cannot connect to redis://\(host)", of: url.replacing("HOST", with: host))
        }
    }
}
