import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct QuantizedVectorTests {
    /// The sum of squared differences between a vector and what its bytes stand for with a scale.
    private func error(of quantized: QuantizedVector, scale: Float, from vector: [Float]) -> Double {
        zip(vector, quantized.components).reduce(0) { sum, pair in
            let difference = Double(pair.0) - Double(scale) * Double(pair.1)
            return sum + difference * difference
        }
    }

    @Test(arguments: [1, 2, 3, 24, 384, 1023])
    func noOtherScaleComesNearerToTheVector(dimensions: Int) throws {
        var generator = SeededGenerator(seed: UInt64(dimensions))
        var smaller = 0
        for _ in 0..<200 {
            let vector = generator.unitVector(dimensions: dimensions)
            let quantized = try #require(QuantizedVector(vector))
            let largest = vector.reduce(0) { max($0, $1.magnitude) }
            let least = error(of: quantized, scale: quantized.scale, from: vector)
            for other in [largest / 127, quantized.scale * 1.001, quantized.scale * 0.999] {
                #expect(least <= error(of: quantized, scale: other, from: vector) + 1e-15)
            }
            if least < error(of: quantized, scale: largest / 127, from: vector) { smaller += 1 }
        }
        #expect(smaller > 150 || dimensions == 1)
    }

    @Test func theLargestComponentIs127() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            let quantized = try #require(QuantizedVector(generator.unitVector(dimensions: 24)))
            #expect(quantized.components.map(\.magnitude).max() == 127)
            #expect(quantized.scale > 0)
        }
    }

    @Test(arguments: [[], [0, 0], [.nan, 1], [1, .infinity], [.leastNonzeroMagnitude]] as [[Float]])
    func whatHasNoDirectionHasNoBytes(_ vector: [Float]) { #expect(QuantizedVector(vector) == nil) }

    @Test(
        arguments: [
            [Float.leastNormalMagnitude * 127, 0], [.greatestFiniteMagnitude, -Float.greatestFiniteMagnitude],
        ] as [[Float]]
    )
    func extremesHaveAScale(_ vector: [Float]) throws {
        let quantized = try #require(QuantizedVector(vector))
        #expect(quantized.scale > 0 && quantized.scale.isFinite)
        #expect(QuantizedVector(scale: quantized.scale, components: quantized.components) == quantized)
    }
}
