import CEncoderKernels

/// The instructions that an encoder computes with.
public enum EncoderPath: String, Sendable, Hashable, CaseIterable {
    /// What every CPU has.
    case portable
    /// AVX2 and FMA.
    case avx2
    /// AVX-512 in single precision.
    case avx512
    /// AVX-512 with weights and activations rounded to bfloat16, sums in single precision.
    case avx512BF16 = "avx512-bf16"

    /// The fastest that this machine can run.
    public static var fastest: EncoderPath { allCases.last(where: \.isSupported) ?? .portable }

    /// Whether this machine can run it.
    public var isSupported: Bool { encoder_path_is_supported(kernels) }

    var kernels: encoder_path {
        switch self {
        case .portable: encoder_portable
        case .avx2: encoder_avx2
        case .avx512: encoder_avx512
        case .avx512BF16: encoder_avx512_bf16
        }
    }
}
