extension Collection<Judgment> {
    /// The judgment to serve: of those that nothing rejects the one with the best score, the first of equals; nil when
    /// all are rejected.
    ///
    /// The nearest candidate need not be the best: one a little further may differ in less.
    public var best: Judgment? {
        var best: Judgment?
        for judgment in self where judgment.rejection == nil {
            if let known = best, known.score >= judgment.score { continue }
            best = judgment
        }
        return best
    }
}
