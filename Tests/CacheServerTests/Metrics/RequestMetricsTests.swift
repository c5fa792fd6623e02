import CacheServer
import Foundation
import Testing

@Suite struct RequestMetricsTests {
    /// The lines of the metrics of a server that was sent these requests, one after another.
    private func metrics(after requests: String...) async throws -> [Substring] {
        let server = try await TestServer.start()
        let connection = try RawConnection(port: server.port)
        for request in requests { connection.send(request) }
        _ = await connection.receive { $0.components(separatedBy: "\r\nx-request-id: ").count == requests.count + 1 }
        connection.close()
        let scrape = try RawConnection(port: server.port)
        scrape.send("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        let text = await scrape.receive()
        scrape.close()
        try await server.stop()
        return text.split(separator: "\n")
    }

    @Test func requestsAreCountedByRouteAndStatus() async throws {
        let lines = try await metrics(
            after: lookup("at-0"),
            lookup("at-0"),
            lookup("?"),
            "GET /v1/entries/\(String(repeating: "0", count: 64)) HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /nowhere/42 HTTP/1.1\r\nhost: x\r\n\r\n",
            "PUT /v1/lookup HTTP/1.1\r\nhost: x\r\n\r\n"
        )
        func count(_ method: String, _ route: String, _ code: Int) -> Bool {
            let labels = #"{method="\#(method)",route="\#(route)",code="\#(code)"}"#
            return lines.contains("semcached_http_requests_total\(labels) \(code == 200 ? 2 : 1)")
        }
        let requests = lines.filter { $0.hasPrefix("semcached_http_requests_total") }
        #expect(count("POST", "/v1/lookup", 200), "\(requests)")
        #expect(count("POST", "/v1/lookup", 400), "\(requests)")
        #expect(count("GET", "/v1/entries/{id}", 404), "\(requests)")
        #expect(count("other", "other", 404), "\(requests)")
        #expect(count("other", "other", 405), "\(requests)")
        #expect(!lines.contains { $0.contains("nowhere") || $0.contains("PUT") })
        #expect(
            lines.contains(
                #"semcached_http_request_duration_seconds_count{method="POST",route="/v1/lookup"} 3"#
            )
        )
        #expect(lines.contains(#"semcached_problems_total{code="not_found"} 2"#))
        #expect(lines.contains(#"semcached_problems_total{code="invalid_request"} 1"#))
        #expect(lines.contains(#"semcached_connections_total{result="accepted"} 2"#))
    }

    @Test func ticketsThatAreNotTakenAreCounted() async throws {
        let body = #"{"ticket":"x.y","response":{}}"#
        let lines = try await metrics(
            after: "POST /v1/store HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(lines.contains(#"semcached_tickets_refused_total{reason="forged"} 1"#))
        #expect(lines.contains(#"semcached_problems_total{code="invalid_ticket"} 1"#))
    }
}
