import CEncoderKernels

/// The memory that one forward pass writes to; used by one thread at a time, kept for the next pass.
struct EncoderScratch {
    private var memory: AlignedMemory?
    private var bytes = 0

    /// A scratch that has nothing yet.
    init() {}

    /// The places of a pass, all aligned to 64 bytes.
    struct Places {
        /// Matrix of rows x width.
        var state: UnsafeMutablePointer<Float>
        /// Matrix of rows x 3 width.
        var attention: UnsafeMutablePointer<Float>
        /// Matrix of rows x width.
        var mixed: UnsafeMutablePointer<Float>
        /// Matrix of rows x width.
        var change: UnsafeMutablePointer<Float>
        /// Matrix of rows x intermediate width.
        var intermediate: UnsafeMutablePointer<Float>
        /// For the kernels.
        var kernels: UnsafeMutableRawPointer
    }

    /// Room for a pass of `rows` tokens; nil when there is no memory.
    mutating func places(
        rows: Int,
        longest: Int,
        _ shape: ModelConfiguration,
        _ weights: EncoderWeights,
        _ path: EncoderPath
    ) -> Places? {
        guard let layer = weights.layers.first else { return nil }
        var layerWithMost = encoder_apply_scratch([layer.attention], rows)
        layerWithMost = max(layerWithMost, encoder_apply_scratch([layer.output], rows))
        let attend = encoder_attend_scratch(path.kernels, longest, shape.width, shape.heads)
        let matrix = AlignedMemory.rounded(rows * shape.width * 4)
        let intermediate = AlignedMemory.rounded(rows * shape.intermediateWidth * 4)
        let wanted = 6 * matrix + intermediate + max(layerWithMost, attend)
        if wanted > bytes {
            memory = nil
            bytes = 0
            memory = AlignedMemory(bytes: wanted)
            if memory != nil { bytes = wanted }
        }
        guard let base = memory?.base else { return nil }
        // The offsets add up to `wanted`; each place is used as floats only.
        func floats(_ offset: Int) -> UnsafeMutablePointer<Float> {
            (base + offset).assumingMemoryBound(to: Float.self)
        }
        return Places(
            state: floats(0),
            attention: floats(matrix),
            mixed: floats(4 * matrix),
            change: floats(5 * matrix),
            intermediate: floats(6 * matrix),
            kernels: base + 6 * matrix + intermediate
        )
    }
}
