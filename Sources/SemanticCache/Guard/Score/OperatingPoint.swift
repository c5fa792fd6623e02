extension SemanticSettings.Profile {
    /// The least score of a hit, on the scale of all-MiniLM-L6-v2's cosine.
    var leastScore: Double {
        switch self {
        case .strict: 0.728
        case .balanced: 0.675
        }
    }
}
