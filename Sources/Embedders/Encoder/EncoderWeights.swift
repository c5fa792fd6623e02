import CEncoderKernels

/// The weights of a BERT encoder in the order in which its kernels read them.
///
/// One block of memory holds them all.
// Written by its initializer alone and only read after that: any thread may read.
final class EncoderWeights: @unchecked Sendable {
    /// A layer: attention, then two dense layers, each with a residual connection and a layer norm behind it.
    struct Layer {
        var attention: encoder_dense
        var attentionOutput: encoder_dense
        var attentionNorm: Norm
        var intermediate: encoder_dense
        var output: encoder_dense
        var outputNorm: Norm
    }

    /// A layer norm's factors and summands.
    struct Norm {
        var gain: UnsafePointer<Float>
        var bias: UnsafePointer<Float>
    }

    private let memory: AlignedMemory
    /// The vectors of the vocabulary; of the two one is nil.
    let words: UnsafePointer<Float>?
    let halfWords: UnsafePointer<UInt16>?
    /// The vectors of the positions, that of the first token type added.
    let positions: UnsafePointer<Float>
    let inputNorm: Norm
    let layers: [Layer]

    /// Takes the weights out of a file.
    init(_ file: Safetensors, _ shape: ModelConfiguration, _ path: EncoderPath) throws(ModelFolderError) {
        let source = WeightSource(file, shape)
        let size = EncoderWeights.size(shape, path)
        guard let memory = AlignedMemory(bytes: size) else { throw source.outOfMemory(size) }
        self.memory = memory
        var room = WeightRoom(memory.base, path)
        let table = try source.table("word_embeddings", shape.vocabularySize)
        halfWords = path == .avx512BF16 ? room.placeHalves(table) : nil
        words = path == .avx512BF16 ? nil : room.place(table)
        var positions = try source.table("position_embeddings", shape.positions)
        let type = try source.firstTokenType()
        for at in positions.indices { positions[at] += type[at % shape.width] }
        self.positions = room.place(positions)
        inputNorm = try room.placeNorm(source, "embeddings.LayerNorm")
        var layers: [Layer] = []
        for number in 0..<shape.layers {
            let name = "encoder.layer.\(number)"
            layers.append(
                Layer(
                    attention: try room.placeDense(source.attention(name), shape.width, 3 * shape.width),
                    attentionOutput: try room.placeDense(
                        source.dense("\(name).attention.output.dense", shape.width, shape.width),
                        shape.width,
                        shape.width
                    ),
                    attentionNorm: try room.placeNorm(source, "\(name).attention.output.LayerNorm"),
                    intermediate: try room.placeDense(
                        source.dense("\(name).intermediate.dense", shape.width, shape.intermediateWidth),
                        shape.width,
                        shape.intermediateWidth
                    ),
                    output: try room.placeDense(
                        source.dense("\(name).output.dense", shape.intermediateWidth, shape.width),
                        shape.intermediateWidth,
                        shape.width
                    ),
                    outputNorm: try room.placeNorm(source, "\(name).output.LayerNorm")
                )
            )
        }
        self.layers = layers
    }

    /// Bytes that all weights take, each array in whole cache lines; what `init` places, in its order.
    private static func size(_ shape: ModelConfiguration, _ path: EncoderPath) -> Int {
        func floats(_ count: Int) -> Int { AlignedMemory.rounded(count * 4) }
        func dense(_ inputs: Int, _ outputs: Int) -> Int {
            AlignedMemory.rounded(encoder_packed_bytes(path.kernels, inputs, outputs)) + floats(outputs)
        }
        let (width, wide) = (shape.width, shape.intermediateWidth)
        let layer =
            dense(width, 3 * width) + dense(width, width) + dense(width, wide) + dense(wide, width) + 4 * floats(width)
        return floats(shape.vocabularySize * width) + floats(shape.positions * width) + 2 * floats(width)
            + shape.layers * layer
    }
}

/// Hands out one block of memory piece by piece.
private struct WeightRoom {
    private var next: UnsafeMutableRawPointer
    private let path: EncoderPath

    init(_ base: UnsafeMutableRawPointer, _ path: EncoderPath) {
        next = base
        self.path = path
    }

    private mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer {
        defer { next += AlignedMemory.rounded(bytes) }
        return next
    }

    mutating func place(_ floats: [Float]) -> UnsafePointer<Float> {
        // `EncoderWeights.size` counts these bytes.
        let target = take(floats.count * 4).bindMemory(to: Float.self, capacity: floats.count)
        target.initialize(from: floats, count: floats.count)
        return UnsafePointer(target)
    }

    mutating func placeHalves(_ floats: [Float]) -> UnsafePointer<UInt16> {
        // `EncoderWeights.size` counts twice these bytes.
        let target = take(floats.count * 2).bindMemory(to: UInt16.self, capacity: floats.count)
        encoder_round(floats, floats.count, target)
        return UnsafePointer(target)
    }

    mutating func placeDense(_ parts: (weights: [Float], bias: [Float]), _ inputs: Int, _ outputs: Int) -> encoder_dense
    {
        // `EncoderWeights.size` counts these bytes; `parts.weights` has inputs x outputs numbers.
        let packed = take(encoder_packed_bytes(path.kernels, inputs, outputs))
        encoder_pack(path.kernels, parts.weights, inputs, outputs, packed)
        return encoder_dense(
            path: path.kernels,
            inputs: inputs,
            outputs: outputs,
            weights: packed,
            bias: place(parts.bias)
        )
    }

    mutating func placeNorm(_ source: WeightSource, _ name: String) throws(ModelFolderError) -> EncoderWeights.Norm {
        let gain = try source.vector("\(name).weight")
        return EncoderWeights.Norm(gain: place(gain), bias: place(try source.vector("\(name).bias")))
    }
}
