import Glibc

/// Vectors of one length from a file of 32-bit floats, one after the other, in the machine's byte order.
struct Vectors {
    let dimensions: Int
    private let components: [Float]

    init(path: String, dimensions: Int) throws(BenchFailure) {
        guard let file = fopen(path, "rb") else { throw BenchFailure("\(path): cannot be opened") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let count = ftell(file) / MemoryLayout<Float>.stride
        rewind(file)
        var read = 0
        components = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            read = fread(buffer.baseAddress, MemoryLayout<Float>.stride, count, file)
            initialized = read
        }
        guard read == count, count % dimensions == 0 else { throw BenchFailure("\(path): not whole vectors") }
        self.dimensions = dimensions
    }

    var count: Int { components.count / dimensions }

    subscript(number: Int) -> [Float] { Array(components[number * dimensions..<(number + 1) * dimensions]) }
}

/// Why a measurement cannot be made.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
