import Crypto
import JSONScanning

/// One request to be brought into canonical form.
struct CanonicalizationTask {
    let root: Int
    let endpoint: Endpoint
    let namespace: Namespace
    let ignoring: Set<String>
    let keepsBytes: Bool
    let derivesPartition: Bool

    func run(_ source: RequestSource, _ writer: inout CanonicalWriter) throws(RequestError) -> CanonicalRequest {
        let shapes = RequestShapes.shapes(for: endpoint)
        let head = try RequestHead(source, root: root, shapes, endpoint)
        writer.reset()
        writer.ignored = ignoring
        let attributes = shapes.hasAttributes ? try attributes(source) : []
        var textPlace = LastUserText.Place.nowhere(reason: "semantic tier off")
        if derivesPartition || shapes.ignoresCase {
            textPlace = LastUserText.place(in: source, required: head.required, shapes, endpoint)
            if case .node(let node) = textPlace { writer.target = node }
        }
        let start = writePreamble(Canonicalizer.version, to: &writer.output)
        writer.write(source, root: root, shapes)
        if shapes.ignoresCase { writer.foldTarget() }
        let canonical = UnsafeBufferPointer(rebasing: writer.output.elements[start...])
        CanonicalizationTask.storeLength(canonical.count, at: writer.output.base + start - 8)
        let fingerprint = Fingerprint(digesting: writer.output.elements)
        let canonicalBytes = keepsBytes ? Array(canonical) : []
        if derivesPartition, !attributes.isEmpty { writeWithoutAttributes(source, &writer, shapes, from: start) }
        return CanonicalRequest(
            fingerprint: fingerprint,
            canonicalBytes: canonicalBytes,
            model: head.model.map { source.string(at: $0) } ?? "",
            wantsStream: head.wantsStream,
            wantsStreamUsage: head.wantsStreamUsage,
            isDeterministic: head.isDeterministic,
            isStateful: writer.isStateful,
            semantic: derivesPartition
                ? eligibility(textPlace, &writer, shapes, from: start) : .ineligible(reason: "semantic tier off"),
            attributes: attributes
        )
    }

    /// The attributes of the request, by name.
    private func attributes(_ source: RequestSource) throws(RequestError) -> [Attribute] {
        guard let member = EndpointRules.rules(for: endpoint).attributes,
            let object = source.value(of: member, in: root), !isEmpty(source.nodes[object])
        else { return [] }
        return try Attribute.read(source, object, at: "$.\(member)")
    }

    /// Whether a value counts as absent where empty ones do.
    private func isEmpty(_ node: JSONNode) -> Bool {
        switch node.kind {
        case .array, .object: node.count == 0
        case .string: node.lowerBound == node.upperBound
        case .null, .true, .false, .number: false
        }
    }

    /// Writes the request once more for the partition, to which attributes do not belong.
    private func writeWithoutAttributes(
        _ source: RequestSource,
        _ writer: inout CanonicalWriter,
        _ shapes: RequestShapes,
        from start: Int
    ) {
        guard let member = EndpointRules.rules(for: endpoint).attributes else { return }
        writer.output.truncate(to: start)
        writer.ignored.insert(member)
        writer.write(source, root: root, shapes)
    }

    /// Writes version, namespace and endpoint with their lengths, and room for the length of what follows; where that
    /// starts.
    private func writePreamble(_ version: String, to output: inout ReusedBuffer<UInt8>) -> Int {
        CanonicalizationTask.write(version, to: &output)
        CanonicalizationTask.write(namespace.name, to: &output)
        CanonicalizationTask.write(endpoint.rawValue, to: &output)
        output.append(repeating: 0, count: 8)
        return output.count
    }

    private static func write(_ part: String, to output: inout ReusedBuffer<UInt8>) {
        var part = part
        part.withUTF8 { write($0, to: &output) }
    }

    private static func write(_ part: UnsafeBufferPointer<UInt8>, to output: inout ReusedBuffer<UInt8>) {
        output.append(repeating: 0, count: 8)
        storeLength(part.count, at: output.end - 8)
        output.append(part)
    }

    private func eligibility(
        _ place: LastUserText.Place,
        _ writer: inout CanonicalWriter,
        _ shapes: RequestShapes,
        from start: Int
    ) -> SemanticEligibility {
        if case .nowhere(let reason) = place { return .ineligible(reason: reason) }
        if let member = writer.exactOnlyMember {
            let name = String(decoding: shapes.members[member].name.bytes, as: UTF8.self)
            return .ineligible(reason: "the request has `\(name)`")
        }
        guard let text = writer.targetText else {
            return .ineligible(reason: "the last user text is longer than \(LastUserText.maximumBytes) bytes")
        }
        if text.isEmpty { return .ineligible(reason: "the last user text is empty") }
        return .eligible(text: text, partition: Partition(digest: partitionDigest(&writer, from: start)))
    }

    /// Writes what the partition digests into `scratch`, which the canonical form needs no more.
    private func partitionDigest(_ writer: inout CanonicalWriter, from start: Int) -> Fingerprint {
        let text = writer.targetRange
        writer.scratch.truncate(to: 0)
        let before = writePreamble(Canonicalizer.partitionVersion, to: &writer.scratch)
        CanonicalizationTask.storeLength(text.lowerBound - start, at: writer.scratch.base + before - 8)
        writer.scratch.append(UnsafeBufferPointer(rebasing: writer.output.elements[start..<text.lowerBound]))
        CanonicalizationTask.write(
            UnsafeBufferPointer(rebasing: writer.output.elements[text.upperBound...]),
            to: &writer.scratch
        )
        return Fingerprint(digesting: writer.scratch.elements)
    }

    /// Stores `length` as the eight bytes at `target`, which are in the buffer, the highest first.
    private static func storeLength(_ length: Int, at target: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(target).storeBytes(of: UInt64(length).bigEndian, as: UInt64.self)
    }
}

extension Fingerprint {
    /// The SHA-256 of `bytes`.
    fileprivate init(digesting bytes: UnsafeBufferPointer<UInt8>) {
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        self = hasher.finalize().withUnsafeBytes { bytes in
            func word(_ place: Int) -> UInt64 {
                // A SHA-256 digest has 32 bytes.
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
            }
            return Fingerprint(words: (word(0), word(1), word(2), word(3)))
        }
    }
}
