/// What the semantic tier keeps of an entry, so that every replica's index can find it.
public struct SemanticPart: Sendable, Hashable {
    /// What the entry may be compared within.
    public var partition: Partition
    /// The last user text of the entry's request.
    public var text: String
    /// The text's vector.
    public var vector: QuantizedVector
    /// The model that made the vector, as ``Embedder/modelID`` names it.
    public var modelID: String
    /// The attributes that the entry has.
    public var attributes: [AttributeDigest]

    /// Creates a part.
    public init(
        partition: Partition,
        text: String,
        vector: QuantizedVector,
        modelID: String,
        attributes: [AttributeDigest] = []
    ) {
        self.partition = partition
        self.text = text
        self.vector = vector
        self.modelID = modelID
        self.attributes = attributes
    }
}
