import NIOConcurrencyHelpers
import SemanticCache

/// How a partition is kept in vector sets: in how many shards (1 byte), and in which namespace its entries are.
struct PartitionShape: Sendable, Hashable {
    /// Most shards of a partition: each in a bucket of its own.
    static let maximumShards = 64

    var shards: Int
    var namespace: Namespace

    init(shards: Int, namespace: Namespace) {
        self.shards = shards
        self.namespace = namespace
    }

    /// Reads a shape; nil when it is none.
    init?(_ value: [UInt8]) {
        guard let shards = value.first, 1...Self.maximumShards ~= Int(shards),
            let namespace = String(validating: value.dropFirst(), as: UTF8.self).flatMap({ Namespace($0) })
        else { return nil }
        self.init(shards: Int(shards), namespace: namespace)
    }

    /// The shape as it is kept.
    var bytes: [UInt8] { [UInt8(shards)] + namespace.name.utf8 }
}

/// Shapes of partitions that were seen last, by which a search knows how many shards to ask at once.
final class KnownShapes: Sendable {
    private static let maximumCount = 65_536
    private let shapes = NIOLockedValueBox<[PartitionDigest: PartitionShape]>([:])

    subscript(_ partition: PartitionDigest) -> PartitionShape? {
        get { shapes.withLockedValue { $0[partition] } }
    }

    func note(_ shape: PartitionShape, of partition: PartitionDigest) {
        shapes.withLockedValue { shapes in
            if shapes.count >= Self.maximumCount { shapes = [:] }
            shapes[partition] = shape
        }
    }
}
