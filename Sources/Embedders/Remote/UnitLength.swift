/// Brings vectors to length 1.
enum UnitLength {
    /// Divides by the Euclidean norm, computed in double precision.
    ///
    /// O(dimensions).
    static func normalize(_ vector: inout [Float]) throws(AnswerDefect) {
        var sum = 0.0
        for component in vector {
            guard component.isFinite else { throw .component }
            sum += Double(component) * Double(component)
        }
        // The sum of the largest floats is finite in double precision.
        guard sum > 1e-60 else { throw .zero }
        let factor = 1 / sum.squareRoot()
        for place in vector.indices { vector[place] = Float(Double(vector[place]) * factor) }
    }
}
