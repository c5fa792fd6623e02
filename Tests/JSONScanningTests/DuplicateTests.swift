import JSONScanning
import Testing

@Suite struct DuplicateTests {
    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 8), (#"{"a":1,"b":2,"a":3}"#, 14), (#"{"a":1,"\u0061":2}"#, 8),
        (#"{"\u0061":1,"a":2}"#, 13),
        (#"{"":1,"":2}"#, 7), (#"{"é":1,"\u00e9":2}"#, 9), (#"{"😀":1,"\ud83d\ude00":2}"#, 11), (#"{"/":1,"\/":2}"#, 8),
        (#"[{"x":{"a":[],"b":{},"a":0}}]"#, 22), (#"{"abcdefgh1":1,"abcdefgh2":2,"abcdefgh1":3}"#, 30),
        (#"{"a":{"a":1},"a":2}"#, 14),
    ])
    func nameTwiceInAnObjectIsRefused(_ text: String, _ offset: Int) {
        #expect(defect(of: text) == JSONError(.duplicateMember, at: offset))
    }

    @Test(arguments: [
        #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#, #"{"a":1,"A":2,"a ":3,"":4}"#, #"{"é":1,"e\u0301":2}"#,
        #"{"abcdefgh":1,"abcdefghi":2,"abcdefg":3}"#, #"{"a\u0000":1,"a":2}"#, #"{"abcdefgh1":1,"abcdefgh2":2}"#,
    ])
    func namesThatDifferAreAccepted(_ text: String) {
        #expect(defect(of: text) == nil)
    }

    @Test(arguments: [2, 3, 15, 16, 17, 40, 1000])
    func oneDuplicateAmongManyIsFound(_ count: Int) {
        func object(_ names: [String]) -> String { "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
        let names = (0..<count).map { "member\($0)" }
        #expect(defect(of: object(names)) == nil)
        for (earlier, later) in [(0, count - 1), (count / 2 - 1, count / 2), (0, 1), (count - 2, count - 1)] {
            var names = names
            names[later] = names[earlier]
            #expect(defect(of: object(names))?.code == .duplicateMember, "\(earlier) and \(later)")
        }
    }

    @Test func hugeObjectsAreCheckedWithoutComparingAllPairs() {
        let names = (0..<200_000).map { "\"\($0)\":0" }
        #expect(defect(of: "{" + names.joined(separator: ",") + "}") == nil)
    }
}
