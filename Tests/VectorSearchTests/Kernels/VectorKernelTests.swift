import CVectorKernels
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite struct VectorKernelTests {
    @Test(arguments: ScanKernel.available, [1, 7, 24, 63, 64, 65, 100, 384, 768, 1023])
    func everyKernelGivesTheProductsOfPlainArithmetic(_ kernel: ScanKernel, dimensions: Int) {
        let stride = RowLayout(dimensions: dimensions).stride
        var generator = SeededGenerator(seed: UInt64(dimensions))
        for count in [0, 1, 2, 3, 17, 64, 65] {
            let rows = (0..<count * stride).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let query = (0..<stride).map { $0 < dimensions ? Int8(truncatingIfNeeded: generator.next()) : 0 }
            var products = [Int32](repeating: 1, count: count)
            vector_dot_rows(kernel.kernel, rows, stride, count, query, &products)
            let expected = (0..<count).map { row in
                (0..<dimensions).reduce(Int32(0)) { $0 + (Int32(rows[row * stride + $1]) - 128) * Int32(query[$1]) }
            }
            #expect(products == expected)
        }
    }

    @Test(arguments: ScanKernel.available, [1, 24, 63, 64, 65, 128, 384, 1023])
    func everyKernelGivesTheProductOfTwoRows(_ kernel: ScanKernel, dimensions: Int) {
        let stride = RowLayout(dimensions: dimensions).stride
        var generator = SeededGenerator(seed: UInt64(dimensions))
        var pairs = (0..<5).map { _ in
            (0..<2).map { _ in
                (0..<stride).map { $0 < dimensions ? UInt8(truncatingIfNeeded: generator.next()) : 128 }
            }
        }
        for extremes in [(UInt8.max, UInt8.max), (0, 0), (UInt8.max, 0), (0, UInt8.max)] {
            pairs.append([extremes.0, extremes.1].map { [UInt8](repeating: $0, count: stride) })
        }
        for pair in pairs {
            let product = vector_pair_product_of(kernel.kernel)
            let expected = zip(pair[0], pair[1]).reduce(Int32(0)) { $0 + (Int32($1.0) - 128) * (Int32($1.1) - 128) }
            #expect(product?(pair[0], pair[1], stride) == expected + vector_pair_offset(pair[1], stride))
        }
    }

    @Test(arguments: ScanKernel.available)
    func extremesDoNotSaturate(_ kernel: ScanKernel) {
        for (row, component) in [(UInt8.max, Int8.max), (.max, .min), (0, .max), (0, .min)] {
            let rows = [UInt8](repeating: row, count: 384)
            let query = [Int8](repeating: component, count: 384)
            var product = Int32(0)
            vector_dot_rows(kernel.kernel, rows, 384, 1, query, &product)
            #expect(product == 384 * (Int32(row) - 128) * Int32(component))
        }
    }

    @Test(arguments: ScanKernel.available, [1, 5, 8, 200])
    func aScanFindsTheBestLivingRowsInOrder(_ kernel: ScanKernel, wanted: Int) {
        var generator = SeededGenerator(seed: UInt64(wanted))
        let count = 150
        let rows = (0..<count * 64).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let query = (0..<64).map { _ in Int8(truncatingIfNeeded: generator.next()) }
        let scales = (0..<count).map { _ in Float.random(in: 0.5...2, using: &generator) }
        let expiries = (0..<count).map { _ in Int64(generator.below(3)) }
        var nearest = [vector_candidate](repeating: vector_candidate(), count: wanted)
        var found = 0
        for (first, length) in [(0, 70), (70, 1), (71, 79)] {
            found = vector_scan_rows(
                kernel.kernel,
                Array(rows[(first * 64)...]),
                64,
                length,
                query,
                Array(scales[first...]),
                Array(expiries[first...]),
                1,
                UInt32(first),
                &nearest,
                wanted,
                found
            )
        }
        var products = [Int32](repeating: 0, count: count)
        vector_dot_rows(kernel.kernel, rows, 64, count, query, &products)
        let expected = (0..<count).filter { expiries[$0] > 1 }
            .map { (row: UInt32($0), score: Float(products[$0]) * scales[$0]) }
            .sorted { $0.score > $1.score }.prefix(wanted)
        #expect(nearest.prefix(found).map(\.row) == expected.map(\.row))
        #expect(nearest.prefix(found).map(\.score) == expected.map(\.score))
    }

    @Test func theCosineOfZerosIsZero() {
        #expect(vector_cosine([1, 0], [128, 128], 2) == 0)
        #expect(vector_cosine([1, 0], [129, 128], 2) == 1)
        #expect(vector_cosine([1, 0], [1, 128], 2) == -1)
    }

    @Test func theBestKernelIsAvailable() {
        #expect(vector_kernel_is_available(vector_kernel_best()))
        #expect(ScanKernel.available.contains(.best))
    }
}
