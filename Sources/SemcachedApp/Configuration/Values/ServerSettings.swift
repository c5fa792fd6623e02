/// How the server listens.
public struct ServerSettings: Sendable, Hashable {
    /// The address or name to listen on (`server.host`).
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one (`server.port`).
    public var port = 9470
    /// Threads that serve; nil means as many as there are cores (`server.event_loops`).
    public var eventLoops: Int?
    /// The PEM file of the server's certificate chain; nil serves plain HTTP (`server.tls.certificate_file`).
    public var tlsCertificateFile: String?
    /// The PEM file of the certificate's private key; set exactly when the certificate is (`server.tls.key_file`).
    public var tlsKeyFile: String?
    /// Whether other machines may call without a key when there is no keys file (`server.allow_unauthenticated`).
    public var allowsUnauthenticated = false

    /// Creates the defaults.
    public init() {}
}
