import Testing

@testable import SemcachectlCommands

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (.max, "9,223,372,036,854,775,807"),
    ])
    func thousandsAreGrouped(value: Int, text: String) { #expect(NumberText.grouped(value) == text) }

    @Test(arguments: [
        (0, 2, "0.00"), (1.005, 1, "1.0"), (1234.567, 2, "1,234.57"), (-0.04, 1, "0.0"), (-2.5, 1, "-2.5"),
        (0.999, 2, "1.00"), (7.6, 0, "8"),
    ])
    func decimalsAreRounded(value: Double, places: Int, text: String) {
        #expect(NumberText.decimal(value, places: places) == text)
    }

    @Test(
        arguments: [
            (nil, "-"), (0, "$0.00"), (12.34, "$12.34"), (1234.5, "$1,234.50"), (0.0367, "$0.0367"), (0.5, "$0.50"),
            (0.00367, "$0.00367"),
        ] as [(Double?, String)]
    )
    func moneyHasADollarSign(value: Double?, text: String) { #expect(NumberText.money(value) == text) }

    @Test(arguments: [(0, "0 B"), (1023, "1,023 B"), (1024, "1.0 KiB"), (99_999_999, "95.4 MiB"), (5 << 40, "5.0 TiB")])
    func bytesHaveAUnit(value: Int, text: String) { #expect(NumberText.bytes(value) == text) }

    @Test(arguments: [(0, "0s"), (59, "59s"), (60, "1m"), (3599, "59m 59s"), (3605, "1h"), (93_784, "1d 2h")])
    func durationsHaveTheirTwoLargestUnits(value: Int, text: String) {
        #expect(NumberText.duration(seconds: value) == text)
    }

    @Test func nothingLookedUpIsADash() {
        #expect(NumberText.percent(nil) == "-")
        #expect(NumberText.percent(0.5327) == "53.3 %")
        #expect(NumberText.milliseconds(nil) == "-")
    }
}
