import CEncoderKernels
import Foundation
import SemanticCacheTesting
import Testing

@testable import Embedders

private let paths = EncoderPath.allCases.filter(\.isSupported)

@Suite struct KernelTests {
    private struct Numbers {
        var generator: SeededGenerator

        init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }

        mutating func draw(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
            (0..<count).map { _ in Float.random(in: range, using: &generator) }
        }
    }

    /// Relative to the sum of the products' magnitudes; bfloat16 rounds each factor by 2^-9.
    private static func tolerance(_ path: EncoderPath) -> Double { path == .avx512BF16 ? 1.0 / 128 : 1e-5 }

    @Test(arguments: paths, [(1, 1, 1), (2, 7, 5), (3, 16, 48), (5, 33, 47), (8, 384, 96), (9, 40, 49), (23, 65, 130)])
    func aDenseLayerIsTheDefinition(path: EncoderPath, size: (rows: Int, inputs: Int, outputs: Int)) throws {
        var numbers = Numbers(1)
        let (rows, inputs, outputs) = size
        let (x, w, bias) = (numbers.draw(rows * inputs), numbers.draw(outputs * inputs), numbers.draw(outputs))
        let packed = try #require(AlignedMemory(bytes: encoder_packed_bytes(path.kernels, inputs, outputs)))
        encoder_pack(path.kernels, w, inputs, outputs, packed.base)
        for activation in [encoder_identity, encoder_gelu] {
            var y = [Float](repeating: .nan, count: rows * outputs + 1)
            try bias.withUnsafeBufferPointer { bias in
                let layer = encoder_dense(
                    path: path.kernels,
                    inputs: inputs,
                    outputs: outputs,
                    weights: packed.base,
                    bias: bias.baseAddress
                )
                let scratch = try #require(AlignedMemory(bytes: encoder_apply_scratch([layer], rows)))
                encoder_apply([layer], x, rows, activation, &y, scratch.base)
            }
            for row in 0..<rows {
                for output in 0..<outputs {
                    var (sum, magnitude) = (Double(bias[output]), 1.0)
                    for k in 0..<inputs {
                        let product = Double(x[row * inputs + k]) * Double(w[output * inputs + k])
                        sum += product
                        magnitude += product.magnitude
                    }
                    if activation == encoder_gelu { sum *= 0.5 * (1 + erf(sum / 2.squareRoot())) }
                    #expect(abs(Double(y[row * outputs + output]) - sum) <= Self.tolerance(path) * magnitude)
                }
            }
            #expect(y[rows * outputs].isNaN, "written beyond the end")
        }
    }

    @Test(arguments: paths)
    func geluIsWithinAMillionth(path: EncoderPath) throws {
        // One input whose weight is 1, so that what comes out is the activation alone.
        let outputs = 64
        let packed = try #require(AlignedMemory(bytes: encoder_packed_bytes(path.kernels, 1, outputs)))
        encoder_pack(path.kernels, [Float](repeating: 0, count: outputs), 1, outputs, packed.base)
        for step in stride(from: -512, to: 512, by: 1) {
            let bias = (0..<outputs).map { Float(step) / 32 + Float($0) / 2048 }
            var y = [Float](repeating: 0, count: outputs)
            try bias.withUnsafeBufferPointer { bias in
                let layer = encoder_dense(
                    path: path.kernels,
                    inputs: 1,
                    outputs: outputs,
                    weights: packed.base,
                    bias: bias.baseAddress
                )
                let scratch = try #require(AlignedMemory(bytes: encoder_apply_scratch([layer], 1)))
                encoder_apply([layer], [0], 1, encoder_gelu, &y, scratch.base)
            }
            for (x, y) in zip(bias, y) {
                let exact = Double(x) * 0.5 * (1 + erf(Double(x) / 2.squareRoot()))
                #expect(abs(Double(y) - exact) <= 1e-6 * max(1, exact.magnitude))
            }
        }
    }

    @Test(arguments: paths, [(8, 2), (32, 4), (60, 3), (96, 1)])
    func attentionIsTheDefinition(path: EncoderPath, shape: (width: Int, heads: Int)) throws {
        var numbers = Numbers(2)
        let (width, heads) = shape
        let lengths: [Int32] = [1, 5, 16, 17, 40]
        let rows = Int(lengths.reduce(0, +))
        let qkv = numbers.draw(rows * 3 * width, -3...3)
        var y = [Float](repeating: .nan, count: rows * width + 1)
        let scratch = try #require(AlignedMemory(bytes: encoder_attend_scratch(path.kernels, 40, width, heads)))
        encoder_attend(path.kernels, qkv, lengths, lengths.count, width, heads, &y, scratch.base)
        let size = width / heads
        var first = 0
        for length in lengths.map(Int.init) {
            for row in first..<first + length {
                for head in 0..<heads {
                    let columns = head * size..<(head + 1) * size
                    let scores = (first..<first + length).map { other in
                        columns.reduce(0.0) {
                            $0 + Double(qkv[row * 3 * width + $1]) * Double(qkv[other * 3 * width + width + $1])
                        }
                            / Double(size).squareRoot()
                    }
                    let largest = scores.max() ?? 0
                    let shares = scores.map { exp($0 - largest) }
                    let total = shares.reduce(0, +)
                    for column in columns {
                        let expected = shares.indices.reduce(0.0) {
                            $0 + shares[$1] / total * Double(qkv[(first + $1) * 3 * width + 2 * width + column])
                        }
                        #expect(abs(Double(y[row * width + column]) - expected) < 1e-5)
                    }
                }
            }
            first += length
        }
        #expect(y[rows * width].isNaN, "written beyond the end")
    }

    @Test(arguments: paths, [1, 7, 16, 33, 384])
    func layerNormIsTheDefinition(path: EncoderPath, width: Int) {
        var numbers = Numbers(3)
        let (rows, epsilon) = (3, Float(1e-5))
        let (x, residual) = (numbers.draw(rows * width), numbers.draw(rows * width))
        let (gain, bias) = (numbers.draw(width), numbers.draw(width))
        for other in [residual, nil] {
            var y = x + [.nan]
            encoder_add_norm(path.kernels, &y, other, rows, width, gain, bias, epsilon)
            for row in 0..<rows {
                let sums = (0..<width).map { Double(x[row * width + $0]) + Double(other?[row * width + $0] ?? 0) }
                let mean = sums.reduce(0, +) / Double(width)
                let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
                for column in 0..<width {
                    let scaled = (sums[column] - mean) / (variance + Double(epsilon)).squareRoot()
                    let expected = scaled * Double(gain[column]) + Double(bias[column])
                    #expect(abs(Double(y[row * width + column]) - expected) < 1e-4)
                }
            }
            #expect(y[rows * width].isNaN, "written beyond the end")
        }
    }

    @Test func everyHalfPrecisionNumberIsWidenedExactly() {
        let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        var wide = [Float](repeating: 0, count: 65_536)
        encoder_widen(bytes, wide.count, false, &wide)
        for pattern in 0...UInt16.max {
            let exact = Float(Float16(bitPattern: pattern))
            let number = wide[Int(pattern)]
            #expect(exact.isNaN ? number.isNaN : number.bitPattern == exact.bitPattern)
        }
    }

    @Test func roundingToBfloat16IsToNearestWithTiesToEven() {
        let numbers: [Float] = [1, 1.00390625, 1.01171875, 1.005, -1.005, 0, 3.3e38]
        var halves = [UInt16](repeating: 0, count: numbers.count)
        encoder_round(numbers, numbers.count, &halves)
        #expect(halves == [0x3F80, 0x3F80, 0x3F82, 0x3F81, 0xBF81, 0, 0x7F78])
    }

    @Test func thePathsOfThisMachineAreOrderedAndOneIsAlwaysThere() {
        #expect(EncoderPath.portable.isSupported)
        #expect(EncoderPath.fastest == paths.last)
    }
}
