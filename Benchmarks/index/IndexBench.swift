import Glibc
import SemanticCache
import VectorSearch

/// Does what the lines of its input say, and answers each with a line of JSON: see ``main()``.
@main struct IndexBench {
    private let base: Vectors
    private let queries: Vectors
    private var index: LocalVectorIndex
    private var elements = 0
    private var partitions = 1
    /// Bytes in memory before the index was filled.
    private var before = 0

    /// `index-bench BASE QUERIES DIMENSIONS`, then on the input:
    /// `fill ELEMENTS PARTITIONS GRAPH` (partitions above so many elements get a graph; 0 for never), `build` (waits
    /// for the graph of the first partition), `search COUNT`, `nearest` (the number of the nearest element of each
    /// query), `remove`.
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let dimensions = Int(arguments[3]) else {
            throw BenchFailure("index-bench BASE QUERIES DIMENSIONS")
        }
        var bench = IndexBench(
            base: try Vectors(path: arguments[1], dimensions: dimensions),
            queries: try Vectors(path: arguments[2], dimensions: dimensions),
            index: LocalVectorIndex(LocalVectorIndexSettings(dimensions: dimensions))
        )
        while let line = readLine() {
            print(try bench.answer(line.split(separator: " ").map(String.init)))
            fflush(nil)
        }
    }

    private init(base: Vectors, queries: Vectors, index: LocalVectorIndex) {
        self.base = base
        self.queries = queries
        self.index = index
    }

    private mutating func answer(_ words: [String]) throws -> String {
        let numbers = words.dropFirst().compactMap { Int($0) }
        switch (words.first, numbers.count) {
        case ("fill", 3): return fill(numbers[0], partitions: numbers[1], graphAbove: numbers[2])
        case ("build", 0): return build()
        case ("search", 1): return search(numbers[0])
        case ("nearest", 0): return nearest()
        case ("remove", 0): return remove()
        default: throw BenchFailure("not understood: \(words)")
        }
    }

    private mutating func fill(_ elements: Int, partitions: Int, graphAbove: Int) -> String {
        self.elements = elements
        self.partitions = partitions
        var settings = LocalVectorIndexSettings(dimensions: base.dimensions)
        settings.graphAbove = graphAbove == 0 ? nil : graphAbove
        index = LocalVectorIndex(settings)
        before = residentBytes()
        var spent = 0.0
        var textBytes = 0
        for number in 0..<elements {
            guard let vector = QuantizedVector(base[number % base.count]) else { continue }
            let element = IndexElement(
                entry: fingerprint(number),
                version: 1,
                namespace: .default,
                partition: partition(number % partitions),
                text: "How do I change the address of order \(number)?",
                vector: vector,
                expiresAt: Timestamp(milliseconds: 1_000_000 + Int64(number))
            )
            textBytes += element.text.utf8.count
            let began = seconds(CLOCK_MONOTONIC)
            index.insert(element)
            spent += seconds(CLOCK_MONOTONIC) - began
        }
        return """
            {"inserts_per_s": \(Int(Double(elements) / spent)), \(memory), "text_bytes": \(textBytes / elements)}
            """
    }

    private var memory: String {
        #""counted_bytes": \#((index.usage.bytes ?? 0) / elements), "resident_bytes": \#((residentBytes() - before) / elements)"#
    }

    private func build() -> String {
        let began = seconds(CLOCK_MONOTONIC)
        let cpuBefore = seconds(CLOCK_PROCESS_CPUTIME_ID)
        // The first search asks for the graph.
        _ = neighbors(of: queries[0], in: 0, count: 5)
        while index.hasGraphWork { usleep(1000) }
        let spent = seconds(CLOCK_MONOTONIC) - began
        return """
            {"seconds": \(spent), "cpu_s": \(seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuBefore), \(memory)}
            """
    }

    private func search(_ count: Int) -> String {
        var times: [Double] = []
        let cpuBefore = seconds(CLOCK_PROCESS_CPUTIME_ID)
        for number in 0..<count {
            let began = seconds(CLOCK_MONOTONIC)
            _ = neighbors(of: queries[number % queries.count], in: number % partitions, count: 5)
            times.append(seconds(CLOCK_MONOTONIC) - began)
        }
        let cpu = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuBefore) / Double(count)
        times.sort()
        return """
            {"p50_ms": \(times[count / 2] * 1000), "p99_ms": \(times[count * 99 / 100] * 1000), \
            "cpu_ms": \(cpu * 1000)}
            """
    }

    private func nearest() -> String {
        let found = (0..<queries.count).map { number in
            let text = neighbors(of: queries[number], in: 0, count: 1).first?.text ?? ""
            return text.drop { !$0.isNumber }.dropLast().description
        }
        return "[\(found.map { $0.isEmpty ? "-1" : $0 }.joined(separator: ", "))]"
    }

    private func remove() -> String {
        let began = seconds(CLOCK_MONOTONIC)
        for number in 0..<elements { index.remove(fingerprint(number), in: .default) }
        let spent = seconds(CLOCK_MONOTONIC) - began
        return #"{"removes_per_s": \#(Int(Double(elements) / spent)), "left": \#(index.usage.elements)}"#
    }

    private func neighbors(of vector: [Float], in number: Int, count: Int) -> [Neighbor] {
        let completion = Completion<[Neighbor]>([])
        index.neighbors(
            of: vector,
            in: partition(number),
            count: count,
            now: Timestamp(milliseconds: 1000),
            completion: completion.complete
        )
        return completion.wait()
    }

    private func partition(_ number: Int) -> Partition { Partition(digest: fingerprint(-1 - number)) }

    private func fingerprint(_ number: Int) -> Fingerprint {
        var state = UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<32).map { _ in
            state = (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ 1
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        guard let fingerprint = Fingerprint(bytes: bytes) else { preconditionFailure("32 bytes are a fingerprint") }
        return fingerprint
    }
}
