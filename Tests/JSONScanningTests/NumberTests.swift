import JSONScanning
import SemanticCacheTesting
import Testing

@Suite struct NumberTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "1.0", "-0.0", "0.1", "1e5", "1E5", "1e+5", "1e-5", "1.25e10", "0e0", "0.0e-0",
        "12345678901234567890123456789012345678901234567890", "1e400", "-1e-400", "1e000000000000001", "1e999999999",
    ])
    func numberIsAccepted(_ text: String) {
        #expect(defect(of: text) == nil)
        #expect(defect(of: "[\(text),\(text)]") == nil)
    }

    @Test(arguments: [
        "-", "01", "-01", "00", "1.", "1.e5", "-.5", "1e", "1e+", "1e-", "1.5e", "--1", "-a", "1e1234567890",
        "1e-1234567890",
    ])
    func numberIsRefused(_ text: String) {
        #expect(defect(of: text)?.code == .invalidNumber)
        #expect(defect(of: "[1,\(text)]") == JSONError(.invalidNumber, at: 3))
    }

    @Test(arguments: ["1.5.5", "1e5.5", "0x10", "1_000", "1f", "1e5e5", "1-"])
    func whatFollowsANumberIsRefused(_ text: String) {
        #expect(defect(of: text)?.code == .trailingBytes)
    }

    @Test(
        arguments: [
            ("0", ["-0", "0.0", "-0.00", "0e5", "0.000e-7", "0E+12"]),
            ("1", ["1.0", "1e0", "10e-1", "0.1e1", "100E-2", "1.000"]),
            ("-1", ["-1.0", "-10e-1"]), ("0.1", ["0.10", "1e-1", "0.01e1", "100e-3"]),
            ("1000", ["1e3", "1000.0", "1.0e+3", "10E2"]),
            ("9007199254740993", ["9007199254740993.0", "9007199254740993e0", "9.007199254740993e15"]),
            ("100000000000000000000", ["1e20", "10e19"]), ("1e21", ["1000000000000000000000.0", "10e20"]),
            ("1e400", ["10e399", "0.1e401"]), ("-1e-400", ["-0.1e-399"]), ("12.5", ["12.50", "125e-1", "0.125e2"]),
            ("0.00001", ["1e-5", "0.000010"]), ("1e-22", ["0.0000000000000000000001"]),
            (
                "123456789012345678901234567890",
                ["123456789012345678901234567890.000", "12345678901234567890123456789e1"].reversed()
            ),
        ] as [(String, [String])]
    )
    func spellingsOfOneValueAreNormalizedAlike(_ normal: String, _ spellings: [String]) {
        let expected = JSONNumbers.normalized(Array(normal.utf8))
        for spelling in spellings {
            #expect(JSONNumbers.normalized(Array(spelling.utf8)) == expected, "\(spelling)")
        }
        #expect(JSONNumbers.normalized(expected) == expected)
    }

    @Test(arguments: [
        ("7", "7"), ("-7", "-7"), ("-0", "0"), ("1e3", "1000"), ("1.50", "1.5"), ("5e-1", "0.5"), ("1e30", "1e30"),
        ("12e30", "12e30"), ("-2.5e-3", "-0.0025"), ("1e-30", "1e-30"),
        ("1234567890123456789012", "1234567890123456789012"),
        ("1234567890123456789010", "123456789012345678901e1"), ("123456789012345678901", "123456789012345678901"),
    ])
    func normalFormIsThis(_ text: String, _ normal: String) {
        #expect(String(decoding: JSONNumbers.normalized(Array(text.utf8)), as: UTF8.self) == normal)
    }

    @Test(arguments: [
        ("9007199254740992", "9007199254740993"), ("0.1", "0.1000000000000000055511151231257827"), ("1e400", "1e401"),
        ("1", "-1"), ("1e-400", "0"), ("1", "10"), ("0.1", "0.01"), ("18446744073709551616", "18446744073709551617"),
    ])
    func differentValuesStayDifferent(_ left: String, _ right: String) {
        #expect(JSONNumbers.normalized(Array(left.utf8)) != JSONNumbers.normalized(Array(right.utf8)))
    }

    @Test func normalFormHasTheValueOfTheNumber() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let text = random.number()
            let normal = JSONNumbers.normalized(Array(text.utf8))
            let value = try root(String(decoding: normal, as: UTF8.self))
            #expect(value.double == Double(text), "\(text)")
            #expect(JSONNumbers.normalized(normal) == normal, "\(text)")
            let zero = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(0x31...0x39 ~= $0) }
            #expect(Array(text.utf8).withUnsafeBufferPointer { JSONNumbers.isZero($0) } == zero, "\(text)")
        }
    }

    @Test(
        arguments: [
            ("3", 3), ("-3", -3), ("3.0", 3), ("3e0", 3), ("30e-1", 3), ("9007199254740993", 9_007_199_254_740_993),
            ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("0.5", nil), ("1e400", nil), ("1e-400", nil), ("-0", 0),
            ("1e18", 1_000_000_000_000_000_000),
        ] as [(String, Int?)]
    )
    func integersAreReadByValue(_ text: String, _ value: Int?) throws {
        #expect(try root(text).int == value)
    }
}
