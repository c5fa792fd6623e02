import CEncoderKernels

/// A block of memory as the kernels want it, freed with its last reference.
///
/// Whoever makes one decides who may touch it: weights are written before they are shared and only read after that,
/// scratch memory belongs to one thread.
final class AlignedMemory {
    let base: UnsafeMutableRawPointer

    /// Allocates `bytes`, rounded up to whole cache lines; nil when there is no memory.
    init?(bytes: Int) {
        guard let base = encoder_allocate(AlignedMemory.rounded(bytes)) else { return nil }
        self.base = base
    }

    deinit { encoder_free(base) }

    /// A size as whole cache lines of 64 bytes.
    static func rounded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }
}
