import SemanticCache

/// Turns entries into the values that Redis keeps, and back; one per thread, since it reuses its compressor.
final class EntryCodec {
    /// A request of no more bytes, or of half as many as the answer, is compressed together with it: it then takes
    /// little, and a lookup decompresses little for nothing.
    private static let smallRequestBytes = 1024

    private let compressor = BodyCompressor()
    private let maximumBodyBytes: Int

    init(maximumBodyBytes: Int) { self.maximumBodyBytes = maximumBodyBytes }

    /// An entry's value in two parts: between them the commit script puts epoch, stored at and expires at.
    struct Encoded {
        var head: [UInt8]
        var tail: [UInt8]
    }

    /// The value of a new entry; `version` distinguishes it from other fills of the same fingerprint.
    func encode(_ entry: NewEntry, version: UInt64) -> Encoded {
        let bodies = bodies(of: entry)
        let semantic = entry.semantic.flatMap { $0.isStorable ? $0 : nil }
        var flags = bodies.flags
        if entry.usage != nil { flags |= EntryHeader.hasUsage }
        if entry.cost != nil { flags |= EntryHeader.hasCost }
        if semantic?.attributes.isEmpty == false { flags |= EntryHeader.hasAttributes }
        var tail: [UInt8] = [0, 0, 0, 0]
        tail.reserveCapacity(
            bodies.response.count + bodies.request.count + (semantic?.byteCount ?? 0) + 64 + entry.model.utf8.count
                + entry.tags.reduce(0) { $0 + $1.utf8.count + 4 }
        )
        tail.append(word: version)
        if let semantic { tail.append(semantic) }
        if let usage = entry.usage {
            tail.append(number: UInt64(max(0, usage.promptTokens)))
            tail.append(number: UInt64(max(0, usage.completionTokens)))
        }
        if let cost = entry.cost { tail.append(number: UInt64(max(0, cost.nanodollars))) }
        tail.append(text: entry.model)
        tail.append(number: UInt64(entry.tags.count))
        for tag in entry.tags { tail.append(text: tag) }
        tail.append(number: UInt64(entry.response.count))
        tail.append(number: UInt64(entry.request.count))
        if flags & EntryHeader.sharesFrame == 0 { tail.append(number: UInt64(bodies.response.count)) }
        tail += bodies.response
        tail += bodies.request
        let format = semantic == nil ? EntryStamp.format : EntryStamp.indexedFormat
        return Encoded(head: [EntryStamp.magic, format, entry.endpoint.code, flags], tail: tail)
    }

    /// The header of a value, of which the bodies may be missing; nil when it is not an entry.
    func header(of value: [UInt8]) -> EntryHeader? {
        EntryHeader(value, maximumBodyBytes: maximumBodyBytes)
    }

    /// The entry of a value; nil when it is not one.
    func entry(_ id: Fingerprint, from value: [UInt8]) -> Entry? {
        guard let header = header(of: value), let response = response(of: value, header) else { return nil }
        return header.entry(id: id, response: response)
    }

    /// The entry of a value with its request and hits; nil when it is not one.
    func record(_ key: EntryKey, from value: [UInt8]) -> EntryRecord? {
        guard let header = header(of: value), let response = response(of: value, header),
            let request = request(of: value, header)
        else { return nil }
        return EntryRecord(
            entry: header.entry(id: key.fingerprint, response: response),
            namespace: key.namespace,
            bytes: value.count,
            hits: header.stamp.hits,
            request: request
        )
    }
}

// The bodies.
extension EntryCodec {
    private func bodies(of entry: NewEntry) -> (flags: UInt8, response: [UInt8], request: [UInt8]) {
        if entry.request.count <= max(Self.smallRequestBytes, entry.response.count / 2),
            let frame = compressor.compress(entry.response + entry.request)
        {
            return (EntryHeader.sharesFrame, frame, [])
        }
        let response = compressor.compress(entry.response)
        let request = compressor.compress(entry.request)
        let flags =
            (response == nil ? 0 : EntryHeader.compressesResponse)
            | (request == nil ? 0 : EntryHeader.compressesRequest)
        return (flags, response ?? entry.response, request ?? entry.request)
    }

    private func response(of value: [UInt8], _ header: EntryHeader) -> [UInt8]? {
        guard let kept = header.keptResponseCount else {
            return shared(0..<header.responseCount, of: value, header)
        }
        var reader = ByteReader(value, at: header.bodyStart)
        return reader.range(kept).flatMap {
            body(of: value, at: $0, count: header.responseCount, header, EntryHeader.compressesResponse)
        }
    }

    private func request(of value: [UInt8], _ header: EntryHeader) -> [UInt8]? {
        guard let kept = header.keptResponseCount else {
            return shared(header.responseCount..<header.responseCount + header.requestCount, of: value, header)
        }
        var reader = ByteReader(value, at: header.bodyStart)
        guard let response = reader.range(kept) else { return nil }
        let range = response.upperBound..<value.count
        return body(of: value, at: range, count: header.requestCount, header, EntryHeader.compressesRequest)
    }

    /// A part of what the frame that both share stands for.
    private func shared(_ wanted: Range<Int>, of value: [UInt8], _ header: EntryHeader) -> [UInt8]? {
        let count = header.responseCount + header.requestCount
        return compressor.decompress(value, header.bodyStart..<value.count, count: count, wanted: wanted)
    }

    private func body(
        of value: [UInt8],
        at range: Range<Int>,
        count: Int,
        _ header: EntryHeader,
        _ compressed: UInt8
    ) -> [UInt8]? {
        if header.stamp.flags & compressed != 0 {
            return compressor.decompress(value, range, count: count, wanted: 0..<count)
        }
        return range.count == count ? Array(value[range]) : nil
    }
}
