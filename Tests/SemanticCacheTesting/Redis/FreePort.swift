import Glibc

extension RedisServer {
    /// A TCP port of 127.0.0.1 that nobody listens on at this moment.
    ///
    /// Neither it nor the port 10,000 above, where a node of a cluster listens for the others, is one that the kernel
    /// gives to outgoing connections, so that a server finds its port free when it starts again.
    public static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 10_000..<20_000)
            if isFree(port), isFree(port + 10_000) { return port }
        }
        throw ChildProcess.Failure(description: "no free port")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
