import JSONScanning
import SemanticCache

enum StreamError: Error { case truncated, errorEvent, invalidEvent(Int, String), notStreamable }
enum StreamReplay {
    static func events(for r: JSONValue, endpoint: Endpoint, includesUsage: Bool) throws(StreamError) -> [UInt8] {
        throw .notStreamable
    }
}
enum StreamAssembly {
    static func response(fromEvents events: [JSONValue], endpoint: Endpoint) throws(StreamError) -> [UInt8] {
        throw .notStreamable
    }
}
extension Endpoint {
    func assess(_ r: JSONValue) -> ResponseAssessment { ResponseAssessment(refusal: nil, usage: nil) }
}
