import Testing

@testable import CacheServer

@Suite struct DescriptorLimitTests {
    @Test(
        arguments: [
            (UInt64(20_000), 10_000, 10_000), (1024, 10_000, 960), (1024, 50, 50), (64, 10_000, 16), (2, 10_000, 1),
            (.max, 10_000, 10_000),
        ] as [(UInt64, Int, Int)]
    )
    func connectionsLeaveRoomForTheRest(limit: UInt64, wanted: Int, expected: Int) {
        #expect(DescriptorLimit.room(underLimit: limit, forConnections: wanted) == expected)
    }

    @Test func aFewConnectionsFit() { #expect(DescriptorLimit.makeRoom(forConnections: 1) == 1) }
}
