import NIOCore
import Testing

@testable import Redis

@Suite struct RedisCommandTests {
    @Test func commandIsEncodedAsRESP() {
        var command = RedisCommand("SET", Array("key".utf8), [0, 13, 10, 255])
        command.append("PX")
        command.append(60_000)
        var output = ByteBuffer()
        command.write(to: &output)
        let expected =
            Array("*5\r\n$3\r\nSET\r\n$3\r\nkey\r\n$4\r\n".utf8) + [0, 13, 10, 255]
            + Array("\r\n$2\r\nPX\r\n$5\r\n60000\r\n".utf8)
        #expect(Array(output.readableBytesView) == expected)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345_678_901, -1, -10, .max, .min] as [Int64])
    func numberIsWrittenInDecimal(_ number: Int64) {
        var output = ByteBuffer()
        output.writeRESPBulk(number)
        #expect(String(buffer: output) == "$\("\(number)".utf8.count)\r\n\(number)\r\n")
    }

    @Test(arguments: [0, 1, 9, 10, 99, 1000, 70_000])
    func wordOfAnyLengthIsWrittenWhole(_ length: Int) {
        let word = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        var output = ByteBuffer()
        output.writeRESPBulk(word)
        #expect(Array(output.readableBytesView) == Array("$\(length)\r\n".utf8) + word + [13, 10])
    }

    @Test func scriptKnowsItsDigest() {
        #expect(RedisScript("return 1").digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }
}
