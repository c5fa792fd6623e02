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
        let rules = EndpointRules.rules(for: endpoint)
        let head = try RequestHead(source, root: root, shapes, rules)
        writer.reset()
        writer.ignored = ignoring
        var textPlace = LastUserText.Place.nowhere(reason: "semantic tier off")
        if derivesPartition {
            textPlace = LastUserText.place(in: source, required: head.required, shapes, rules)
            if case .node(let node) = textPlace { writer.target = node }
        }
        let start = writePreamble(&writer)
        writer.write(source, root: root, shapes)
        let canonical = UnsafeBufferPointer(rebasing: writer.output.elements[start...])
        CanonicalizationTask.storeLength(canonical.count, at: writer.output.base + start - 8)
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(writer.output.elements))
        return CanonicalRequest(
            fingerprint: Fingerprint(hasher.finalize()),
            canonicalBytes: keepsBytes ? Array(canonical) : [],
            model: head.model.map { source.string(at: $0) } ?? "",
            wantsStream: head.wantsStream,
            wantsStreamUsage: head.wantsStreamUsage,
            isDeterministic: head.isDeterministic,
            semantic: eligibility(textPlace, writer, shapes, from: start)
        )
    }

    /// Writes version, namespace and endpoint with their lengths, and room for the length of what follows; where that
    /// starts.
    private func writePreamble(_ writer: inout CanonicalWriter) -> Int {
        for part in [Canonicalizer.version, namespace.name, endpoint.rawValue] {
            var part = part
            part.withUTF8 { bytes in
                writer.output.append(repeating: 0, count: 8)
                CanonicalizationTask.storeLength(bytes.count, at: writer.output.end - 8)
                writer.output.append(bytes)
            }
        }
        writer.output.append(repeating: 0, count: 8)
        return writer.output.count
    }

    private func eligibility(
        _ place: LastUserText.Place,
        _ writer: borrowing CanonicalWriter,
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
        return .eligible(text: text, partition: Partition(digest: partitionDigest(writer, from: start)))
    }

    private func partitionDigest(_ writer: borrowing CanonicalWriter, from start: Int) -> Fingerprint {
        let before = UnsafeBufferPointer(rebasing: writer.output.elements[start..<writer.targetRange.lowerBound])
        let after = UnsafeBufferPointer(rebasing: writer.output.elements[writer.targetRange.upperBound...])
        var hasher = SHA256()
        for part in ["\(Canonicalizer.version) partition", namespace.name, endpoint.rawValue] {
            var part = part
            part.withUTF8 { CanonicalizationTask.update(&hasher, lengthAnd: $0) }
        }
        CanonicalizationTask.update(&hasher, lengthAnd: before)
        CanonicalizationTask.update(&hasher, lengthAnd: after)
        return Fingerprint(hasher.finalize())
    }

    private static func update(_ hasher: inout SHA256, lengthAnd part: UnsafeBufferPointer<UInt8>) {
        withUnsafeBytes(of: UInt64(part.count).bigEndian) { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(part))
    }

    /// Stores `length` as the eight bytes at `target`, which are in the buffer, the highest first.
    private static func storeLength(_ length: Int, at target: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(target).storeBytes(of: UInt64(length).bigEndian, as: UInt64.self)
    }
}

extension Fingerprint {
    fileprivate init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { bytes in
            func word(_ place: Int) -> UInt64 {
                // A SHA-256 digest has 32 bytes.
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
            }
            return Fingerprint(words: (word(0), word(1), word(2), word(3)))
        }
    }
}
