import Embedders
import Glibc
import SemanticCache
import Synchronization

/// Answers the commands of Benchmarks/embedder.py, one line each.
///
///     ids TEXT               the token ids of a text
///     vector TEXT            its vector
///     time COUNT TEXT        median CPU and wall nanoseconds of COUNT times computing it
///     pair COUNT TEXT        the same of two such texts, one after another and in one pass
///     load THREADS CALLERS COUNT TEXT     wall nanoseconds of COUNT different texts, CALLERS at once
@main
struct Main {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else { return print("usage: embedder-bench MODEL_FOLDER [PATH]") }
        let path = arguments.count > 2 ? EncoderPath(rawValue: arguments[2]) : .fastest
        guard let path, path.isSupported else { return print("this machine cannot run that path") }
        let began = nanoseconds(CLOCK_MONOTONIC)
        let encoder = try SentenceEncoder(folder: arguments[1], path: path)
        answer("\(path.rawValue) \(encoder.modelID) \(nanoseconds(CLOCK_MONOTONIC) - began)")
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { continue }
            answer(try reply(words[0], words[1], encoder))
        }
    }

    static func reply(_ command: String, _ rest: String, _ encoder: SentenceEncoder) throws -> String {
        let words = rest.split(separator: " ")
        switch command {
        case "ids":
            return (encoder.tokenizer.ids(of: rest) ?? []).map(String.init).joined(separator: " ")
        case "vector":
            return try encoder.vectors(of: [rest])[0].map { "\($0)" }.joined(separator: " ")
        case "time":
            let (count, text) = (Int(words[0]) ?? 1, words.dropFirst().joined(separator: " "))
            let (cpu, wall) = try medians(count, [text], inOnePass: false, encoder)
            return "\(cpu) \(wall)"
        case "pair":
            let (count, text) = (Int(words[0]) ?? 1, words.dropFirst().joined(separator: " "))
            let apart = try medians(count, [text, text], inOnePass: false, encoder)
            let together = try medians(count, [text, text], inOnePass: true, encoder)
            return "\(apart.cpu * 2) \(together.cpu)"
        case "load":
            let numbers = words.prefix(3).compactMap { Int($0) }
            let text = words.dropFirst(3).joined(separator: " ")
            return "\(load(threads: numbers[0], callers: numbers[1], count: numbers[2], text, encoder))"
        default: return "unknown"
        }
    }

    /// Medians of what a pass takes; each sample is of ten, so that memory is allocated once in ten.
    static func medians(
        _ count: Int,
        _ texts: [String],
        inOnePass: Bool,
        _ encoder: SentenceEncoder
    ) throws -> (cpu: UInt64, wall: UInt64) {
        var (cpu, wall): ([UInt64], [UInt64]) = ([], [])
        let passes = 10
        for _ in 0..<max(1, count / passes) {
            let (cpuBefore, wallBefore) = (nanoseconds(CLOCK_PROCESS_CPUTIME_ID), nanoseconds(CLOCK_MONOTONIC))
            if inOnePass {
                for _ in 0..<passes { _ = try encoder.vectors(of: texts, inOnePass: true) }
            } else {
                _ = try encoder.vectors(of: Array(repeating: texts[0], count: passes))
            }
            cpu.append((nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpuBefore) / UInt64(passes))
            wall.append((nanoseconds(CLOCK_MONOTONIC) - wallBefore) / UInt64(passes))
        }
        return (cpu.sorted()[cpu.count / 2], wall.sorted()[wall.count / 2])
    }

    /// Keeps `callers` calls open until `count` have been answered.
    static func load(threads: Int, callers: Int, count: Int, _ text: String, _ encoder: SentenceEncoder) -> UInt64 {
        var configuration = LocalEmbedder.Configuration()
        configuration.threads = threads
        configuration.recentBytes = 0
        let embedder = LocalEmbedder(encoder: encoder, configuration: configuration) { nanoseconds(CLOCK_MONOTONIC) }
        let run = LoadRun(embedder, text, count)
        let began = nanoseconds(CLOCK_MONOTONIC)
        for _ in 0..<callers { run.next() }
        while run.answered.load(ordering: .acquiring) < count { usleep(200) }
        return nanoseconds(CLOCK_MONOTONIC) - began
    }

    static func answer(_ line: String) {
        print(line)
        fflush(nil)
    }
}

/// Calls that each begin the next one.
final class LoadRun: Sendable {
    let answered = Atomic(0)
    private let begun = Atomic(0)
    private let embedder: LocalEmbedder
    private let text: String
    private let count: Int

    init(_ embedder: LocalEmbedder, _ text: String, _ count: Int) {
        self.embedder = embedder
        self.text = text
        self.count = count
    }

    func next() {
        let number = begun.add(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        let soon = Deadline(uptimeNanoseconds: .max)
        embedder.embed("\(text) \(number % 10) \(number / 10 % 10) \(number / 100 % 10)", deadline: soon) { _ in
            self.answered.add(1, ordering: .releasing)
            self.next()
        }
    }
}

/// The time on a clock.
func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
