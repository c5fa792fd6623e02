/// An amount of US dollars in billionths, so that sums are exact.
public struct Money: Sendable, Hashable, Comparable {
    /// Billionths of a dollar.
    public var nanodollars: Int64

    /// Creates an amount.
    public init(nanodollars: Int64) { self.nanodollars = nanodollars }

    /// The amount in dollars.
    public var dollars: Double { Double(nanodollars) / 1e9 }

    /// Whether the left amount is the smaller one.
    public static func < (left: Money, right: Money) -> Bool { left.nanodollars < right.nanodollars }
}

/// What a model costs.
public struct Price: Sendable, Hashable {
    /// Dollars per million prompt tokens; at least 0.
    public var prompt: Double
    /// Dollars per million completion tokens; at least 0.
    public var completion: Double

    /// Creates a price.
    public init(prompt: Double, completion: Double) {
        self.prompt = prompt
        self.completion = completion
    }

    /// What `usage` costs, rounded to a billionth.
    public func cost(of usage: TokenUsage) -> Money {
        let nanodollars = (Double(usage.promptTokens) * prompt + Double(usage.completionTokens) * completion) * 1e3
        return Money(nanodollars: Int64(min(max(nanodollars, 0), 9e18).rounded()))
    }
}
