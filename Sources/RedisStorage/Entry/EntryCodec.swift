import SemanticCache

/// Turns entries into the values that Redis keeps, and back; one per thread, since it reuses its compressor.
final class EntryCodec {
    private let compressor = BodyCompressor()
    private let maximumBodyBytes: Int

    init(maximumBodyBytes: Int) { self.maximumBodyBytes = maximumBodyBytes }

    /// An entry's value in two parts: between them the commit script puts epoch, stored at and expires at.
    struct Encoded {
        var head: [UInt8]
        var tail: [UInt8]
    }

    /// The value of a new entry.
    ///
    /// `version` distinguishes it from other fills of the same fingerprint.
    func encode(_ entry: NewEntry, version: UInt64) -> Encoded {
        let response = compressor.compress(entry.response)
        let request = compressor.compress(entry.request)
        var flags: UInt8 = 0
        if entry.usage != nil { flags |= EntryHeader.hasUsage }
        if entry.cost != nil { flags |= EntryHeader.hasCost }
        if response != nil { flags |= EntryHeader.compressesResponse }
        if request != nil { flags |= EntryHeader.compressesRequest }

        let keptResponse = response ?? entry.response
        let keptRequest = request ?? entry.request
        var tail: [UInt8] = [0, 0, 0, 0]
        tail.reserveCapacity(
            keptResponse.count + keptRequest.count + 64 + entry.model.utf8.count
                + entry.tags.reduce(0) { $0 + $1.utf8.count + 4 }
        )
        tail.append(word: version)
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
        tail.append(number: UInt64(keptResponse.count))
        tail += keptResponse
        tail += keptRequest
        return Encoded(head: [EntryStamp.magic, EntryStamp.format, entry.endpoint.code, flags], tail: tail)
    }

    /// The header of a value, of which the bodies may be missing; nil when it is not an entry.
    func header(of value: [UInt8]) -> EntryHeader? {
        EntryHeader(value, maximumBodyBytes: maximumBodyBytes)
    }

    /// The entry of a value; nil when it is not one.
    func entry(_ id: Fingerprint, from value: [UInt8]) -> Entry? {
        guard let header = header(of: value) else { return nil }
        var reader = ByteReader(value, at: header.bodyStart)
        guard let kept = reader.range(header.keptResponseCount),
            let response = body(
                of: value,
                at: kept,
                count: header.responseCount,
                isCompressed: header.stamp.flags & EntryHeader.compressesResponse != 0
            )
        else { return nil }
        return header.entry(id: id, response: response)
    }

    /// The entry of a value with its request and hits; nil when it is not one.
    func record(_ key: EntryKey, from value: [UInt8]) -> EntryRecord? {
        guard let header = header(of: value), let entry = entry(key.fingerprint, from: value),
            let request = body(
                of: value,
                at: header.bodyStart + header.keptResponseCount..<value.count,
                count: header.requestCount,
                isCompressed: header.stamp.flags & EntryHeader.compressesRequest != 0
            )
        else { return nil }
        return EntryRecord(
            entry: entry,
            namespace: key.namespace,
            bytes: value.count,
            hits: header.stamp.hits,
            request: request
        )
    }

    private func body(of value: [UInt8], at range: Range<Int>, count: Int, isCompressed: Bool) -> [UInt8]? {
        if isCompressed { return compressor.decompress(value, range, count: count) }
        return range.count == count ? Array(value[range]) : nil
    }
}
