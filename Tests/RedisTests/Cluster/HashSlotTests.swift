import Redis
import Testing

@Suite struct HashSlotTests {
    /// From the specification of Redis Cluster, and from `CLUSTER KEYSLOT`.
    @Test(arguments: [
        ("123456789", 12739), ("", 0), ("foo", 12182), ("{user1000}.following", 3443), ("user1000", 3443),
        ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("{bar", 4015), ("foo{bar}{zap}", 5061), ("bar", 5061),
        ("a}b{c", 13587), ("foo{bar", 15278),
    ])
    func isTheOneOfTheSpecification(key: String, slot: Int) {
        #expect(HashSlot.of(Array(key.utf8)) == slot)
    }
}
