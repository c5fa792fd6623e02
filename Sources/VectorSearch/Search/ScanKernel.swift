import CVectorKernels

/// How dot products are computed; all ways give the same.
struct ScanKernel: Sendable, Hashable, CustomStringConvertible {
    let description: String
    private let number: UInt32

    var kernel: vector_kernel { vector_kernel(rawValue: number) }

    private init(_ kernel: vector_kernel, _ description: String) {
        number = kernel.rawValue
        self.description = description
    }

    /// All that this machine can.
    static let available = [
        ScanKernel(vector_kernel_portable, "portable"),
        ScanKernel(vector_kernel_avx2, "AVX2"),
        ScanKernel(vector_kernel_avx_vnni, "AVX-VNNI"),
        ScanKernel(vector_kernel_avx512_vnni, "AVX-512 VNNI"),
    ].filter { vector_kernel_is_available($0.kernel) }

    /// The fastest.
    static let best = available.first { $0.kernel == vector_kernel_best() } ?? available[0]
}
