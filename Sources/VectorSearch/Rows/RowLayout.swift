import SemanticCache

/// Where the parts of a row lie within the memory of a ``RowBlock``: each part of all rows side by side.
struct RowLayout: Sendable, Hashable {
    /// Components of a vector.
    let dimensions: Int
    /// Bytes of a row's components: the dimensions, rounded up to 64.
    let stride: Int

    init(dimensions: Int) {
        self.dimensions = dimensions
        stride = (dimensions + 63) / 64 * 64
    }

    /// Where a row's text lies among the texts of its block.
    struct TextPlace {
        var offset: UInt32
        var length: UInt32
    }

    func offsetOfEntries(capacity: Int) -> Int { capacity * stride }
    func offsetOfExpiries(capacity: Int) -> Int { capacity * (stride + 32) }
    func offsetOfTexts(capacity: Int) -> Int { capacity * (stride + 40) }
    func offsetOfScales(capacity: Int) -> Int { capacity * (stride + 48) }

    /// Bytes that `capacity` rows take without their texts.
    func bytes(capacity: Int) -> Int { capacity * (stride + 52) }
}
