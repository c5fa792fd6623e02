/// A vector as bytes: component `i` is about `scale * components[i]`.
///
/// One scale for all components (symmetric scalar quantization). The components are those whose largest is ±127; the
/// scale is the one with which they come nearest to the vector (least squares).
public struct QuantizedVector: Sendable, Hashable {
    /// What one step of a component stands for; positive.
    public let scale: Float
    /// The components, -127 to 127.
    public let components: [Int8]

    /// Creates a vector from its parts; nil when a component is -128 or the scale is not a positive number.
    public init?(scale: Float, components: [Int8]) {
        guard scale > 0, scale.isFinite, !components.isEmpty, !components.contains(.min) else { return nil }
        self.scale = scale
        self.components = components
    }

    /// Rounds a vector; nil when it is empty or zero or has a component that is not a finite number.
    ///
    /// O(dimensions).
    public init?(_ vector: [Float]) {
        var largest: Float = 0
        for component in vector {
            guard component.isFinite else { return nil }
            largest = max(largest, component.magnitude)
        }
        guard largest >= .leastNormalMagnitude * 127 else { return nil }
        components = vector.map { Int8(max(-127, min(127, ($0 / largest * 127).rounded()))) }
        var product = 0.0
        var squares = 0.0
        for (component, exact) in zip(components, vector) {
            product += Double(component) * Double(exact)
            squares += Double(component) * Double(component)
        }
        scale = Float(product / squares)
    }
}
