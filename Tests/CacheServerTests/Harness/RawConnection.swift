import Foundation
import Glibc

/// A TCP connection on which a test says exactly which bytes are sent.
struct RawConnection: Sendable {
    private let descriptor: Int32

    /// Connects to 127.0.0.1.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    /// Sends text.
    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends bytes; the peer may have closed.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Says that nothing more is sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads until the peer closes or `isEnough` says so.
    func receive(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [descriptor] in
                var received: [UInt8] = []
                var part = [UInt8](repeating: 0, count: 65_536)
                while !isEnough(String(decoding: received, as: UTF8.self)) {
                    let count = recv(descriptor, &part, part.count, 0)
                    guard count > 0 else { break }
                    received += part[..<count]
                }
                continuation.resume(returning: String(decoding: received, as: UTF8.self))
            }
        }
    }

    /// Reads, slowly at first, until the peer closes.
    func receiveAll() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [descriptor] in
                var received: [UInt8] = []
                var part = [UInt8](repeating: 0, count: 65_536)
                while case let count = recv(descriptor, &part, received.count < 50_000 ? 500 : part.count, 0), count > 0
                {
                    received += part[..<count]
                    if received.count < 50_000 { usleep(2000) }
                }
                continuation.resume(returning: String(decoding: received, as: UTF8.self))
            }
        }
    }

    /// Closes the connection.
    func close() { Glibc.close(descriptor) }
}

/// One lookup of a namespace, as bytes on the wire.
func lookup(_ namespace: String, headers: String = "") -> String {
    let body = #"{"namespace":"\#(namespace)","request":{"model":"m","messages":[{"role":"user","content":"hi"}]}}"#
    return "POST /v1/lookup HTTP/1.1\r\nhost: x\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
}
