/// Finds the name that somebody who wrote another one probably meant.
enum NearestName {
    /// The nearest of `names`, or nil when none is near: at most a third of the letters may differ.
    static func to(_ name: String, among names: some Sequence<String>) -> String? {
        var best: (name: String, distance: Int)?
        for candidate in names {
            let distance = editDistance(name.lowercased(), candidate.lowercased())
            guard distance <= max(1, min(name.count, candidate.count) / 3) else { continue }
            if let current = best, current.distance <= distance { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// The least number of letters to insert, remove or replace (Levenshtein 1966).
    private static func editDistance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, letter) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let substituted = diagonal + (right[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
