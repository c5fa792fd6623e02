extension [Judgment] {
    /// The candidates that may be served, the best score first, the nearer of equals.
    ///
    /// The nearest candidate need not be the best: one a little further may differ in less.
    public var served: [Judgment] {
        filter { $0.rejection == nil }.sorted {
            ($0.score, $0.neighbor.similarity) > ($1.score, $1.neighbor.similarity)
        }
    }
}
