import CEncoderKernels
import JSONScanning

/// The tensors of a safetensors file: eight bytes of header length, a JSON header, the numbers.
///
/// Format: https://github.com/huggingface/safetensors. Every offset is checked against the file before it is used.
struct Safetensors {
    private struct Tensor {
        var type: String
        var shape: [Int]
        var range: Range<Int>
    }

    /// Where the file is, for errors.
    let path: String
    private let bytes: [UInt8]
    private let tensors: [String: Tensor]

    /// Reads the header.
    init(_ bytes: [UInt8], path: String) throws(ModelFolderError) {
        self.path = path
        self.bytes = bytes
        guard bytes.count >= 8 else { throw Self.truncated(path) }
        let announced = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard announced <= 100_000_000 else { throw Self.malformed(path, "does not begin with the length of a header") }
        let start = 8 + Int(announced)
        guard start <= bytes.count else { throw Self.truncated(path) }
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(Array(bytes[8..<start])).root
        } catch {
            throw Self.malformed(path, "has a header that is not JSON (\(error))")
        }
        var tensors: [String: Tensor] = [:]
        for (name, value) in root.members where name != "__metadata__" {
            tensors[name] = try Self.tensor(value, named: name, start, bytes.count, path)
        }
        guard !tensors.isEmpty else { throw Self.malformed(path, "has a header without tensors") }
        self.tensors = tensors
    }

    private static func tensor(
        _ value: JSONValue,
        named name: String,
        _ start: Int,
        _ end: Int,
        _ path: String
    ) throws(ModelFolderError) -> Tensor {
        let offsets = (value["data_offsets"]?.elements ?? []).compactMap(\.int)
        let sizes = value["shape"]?.elements ?? []
        let shape = sizes.compactMap(\.int)
        guard offsets.count == 2, shape.count == sizes.count, shape.allSatisfy({ $0 >= 0 }),
            let type = value["dtype"]?.string, offsets[0] >= 0, offsets[0] <= offsets[1]
        else { throw malformed(path, "describes the tensor \(name.prefix(80)) wrongly") }
        guard offsets[1] <= end - start else { throw truncated(path) }
        return Tensor(type: type, shape: shape, range: start + offsets[0]..<start + offsets[1])
    }

    /// Whether there is a tensor of this name.
    func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// A tensor's numbers, row by row; all of them are finite.
    ///
    /// - Throws: ``ModelFolderError`` when it is not there or has another shape.
    func floats(_ name: String, _ shape: [Int]) throws(ModelFolderError) -> [Float] {
        let remedy = "fetch the model again, config.json and model.safetensors from the same place"
        guard let tensor = tensors[name] else {
            throw ModelFolderError(.mismatched, path, "has no tensor \(name)", remedy)
        }
        guard tensor.shape == shape else {
            let found = tensor.shape.prefix(4).map(String.init).joined(separator: " x ")
            let wanted = shape.map(String.init).joined(separator: " x ")
            throw ModelFolderError(
                .mismatched,
                path,
                "has \(name) of shape \(found), where config.json wants \(wanted)",
                remedy
            )
        }
        // The shape is config.json's, whose numbers are bounded: no product overflows.
        let count = shape.reduce(1, *)
        let size = tensor.type == "F32" ? 4 : 2
        guard ["F32", "F16", "BF16"].contains(tensor.type) else {
            throw ModelFolderError(
                .unsupported,
                path,
                "has \(name) as \(tensor.type.prefix(16)), not F32, F16 or BF16",
                "convert the weights to one of them"
            )
        }
        guard tensor.range.count == count * size else {
            throw Self.malformed(path, "gives \(name) \(tensor.range.count) bytes instead of \(count * size)")
        }
        let floats = numbers(tensor, count)
        guard encoder_all_finite(floats, count) else {
            throw ModelFolderError(
                .notFinite,
                path,
                "has a weight in \(name) that is infinite or not a number",
                "fetch the model again"
            )
        }
        return floats
    }

    /// The numbers of a tensor whose range has been checked to hold `count` of them.
    private func numbers(_ tensor: Tensor, _ count: Int) -> [Float] {
        bytes.withUnsafeBytes { file in
            let source = UnsafeRawBufferPointer(rebasing: file[tensor.range])
            // Both branches initialize all `count` numbers.
            return [Float](unsafeUninitializedCapacity: count) { room, initialized in
                initialized = count
                guard let from = source.baseAddress, let to = room.baseAddress else { return }
                if tensor.type == "F32" {
                    UnsafeMutableRawBufferPointer(room).copyMemory(from: source)
                } else {
                    encoder_widen(from.assumingMemoryBound(to: UInt8.self), count, tensor.type == "BF16", to)
                }
            }
        }
    }

    private static func truncated(_ path: String) -> ModelFolderError {
        ModelFolderError(.truncated, path, "ends before its last tensor", "fetch the model again")
    }

    private static func malformed(_ path: String, _ problem: String) -> ModelFolderError {
        ModelFolderError(.malformed, path, problem, "use a model.safetensors file; fetch the model again")
    }
}
