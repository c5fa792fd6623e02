/// Runs `work` on up to `width` elements at the same time and hands the results over in the order of the elements.
///
/// At most `width` elements are taken and not yet handed over, so memory is bounded. Ends when `next` returns nil and
/// everything is handed over, or with the first error, which cancels what is in flight.
func forEachInOrder<Element: Sendable, Product: Sendable>(
    width: Int,
    next: () throws -> Element?,
    work: @escaping @Sendable (Element) async throws -> Product,
    consume: (Product) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: (Int, Product).self) { group in
        var taken = 0
        var handedOver = 0
        var ready: [Int: Product] = [:]
        var hasMore = true
        while true {
            while hasMore, taken - handedOver < width {
                guard let element = try next() else {
                    hasMore = false
                    break
                }
                let place = taken
                taken += 1
                group.addTask { (place, try await work(element)) }
            }
            guard let (place, product) = try await group.next() else { return }
            ready[place] = product
            while let product = ready.removeValue(forKey: handedOver) {
                handedOver += 1
                try await consume(product)
            }
        }
    }
}
