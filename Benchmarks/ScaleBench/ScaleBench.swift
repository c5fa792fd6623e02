import ArgumentParser
import Glibc
import Logging
import NIOCore
import NIOPosix
import Redis
import RedisStorage
import SemanticCache

/// Followers of the change log as many replicas have them, and somebody who stores; see scale.py, which starts Redis and
/// reads what it all costs there.
@main
struct ScaleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs followers of the change log, and stores entries.")

    @Option(help: "The URL of a Redis of its own.") var redis: String
    @Option(help: "How many replicas follow.") var replicas = 0
    @Option(help: "Entries stored each second.") var stores = 0
    @Option(help: "Seconds that are measured.") var seconds = 5
    @Option(help: "Milliseconds that changes gather; 0 for the default.") var delay = 0

    func run() async throws {
        let logger = Logger(label: "scale-bench") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        var redisConfiguration = RedisConfiguration(endpoint: try RedisEndpoint(url: redis))
        redisConfiguration.commandDeadline = .seconds(10)
        var storage = StorageConfiguration(commandMilliseconds: 10_000)
        storage.indexDelayMilliseconds = delay > 0 ? delay : nil
        let indexes = (0..<replicas).map { _ in CountingIndex() }
        let feeds = indexes.map { index in
            let client = RedisClient(configuration: redisConfiguration, group: group, logger: logger)
            let feed = IndexFeed(
                client: client,
                index: index,
                modelID: "model",
                configuration: storage,
                logger: logger
            )
            return (client: client, feed: feed)
        }
        let writer = try await Writer.start(redisConfiguration, storage, group.next(), logger)
        try await withThrowingDiscardingTaskGroup { tasks in
            for (client, feed) in feeds {
                tasks.addTask { await client.run() }
                tasks.addTask { await feed.run() }
            }
            for (_, feed) in feeds { while !feed.state.isCaughtUp { try await Task.sleep(for: .milliseconds(5)) } }
            // The first second settles: scripts are learned, statistics of commands begin.
            try await write(writer, seconds: 1)
            say("begin")
            let (before, insertedBefore, storedBefore) = (cpuSeconds(), indexes.map(\.inserted), writer.stored)
            try await write(writer, seconds: seconds)
            let cpu = cpuSeconds() - before
            let stored = writer.stored - storedBefore
            let applied = zip(indexes, insertedBefore).map { $0.inserted - $1 }.reduce(0, +)
            let delays = feeds.compactMap(\.feed.state.delayMilliseconds)
            say(
                #"{"stored":\#(stored),"applied":\#(applied),"process_cpu":\#(cpu),"delay_ms":\#(delays.max() ?? 0)}"#
            )
            tasks.cancelAll()
        }
        await writer.close()
    }

    /// Stores at the wanted pace for some seconds, every ten milliseconds a few.
    private func write(_ writer: Writer, seconds: Int) async throws {
        let began = ContinuousClock.now
        for tick in 1...seconds * 100 {
            writer.store((stores * tick / 100) - (stores * (tick - 1) / 100))
            try await Task.sleep(until: began + .milliseconds(10 * tick), clock: .continuous)
        }
    }

    /// Prints a line at once, also into a pipe.
    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = Glibc.write(STDOUT_FILENO, bytes, bytes.count)
    }

    private func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
