import Glibc

/// A certificate authority of a test's own, made by the `openssl` command.
public struct CertificateAuthority: Sendable {
    /// The folder with everything that is made.
    public let directory: String
    /// The certificate of the authority, PEM.
    public var certificateFile: String { "\(directory)/ca.crt" }

    /// A certificate and its key, PEM files.
    public struct Identity: Sendable {
        /// The certificate.
        public let certificateFile: String
        /// Its private key.
        public let keyFile: String
    }

    /// Makes a new authority in `directory`, which must exist.
    public init(directory: String) throws {
        self.directory = directory
        try openssl(
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=Test authority"]
                + CertificateAuthority.newKey
                + ["-keyout", "\(directory)/ca.key", "-out", certificateFile]
        )
    }

    /// Issues a certificate for these names, each in openssl's form: `DNS:localhost`, `IP:127.0.0.1`.
    public func issue(names: [String]) throws -> Identity {
        let base = "\(directory)/server"
        try openssl(
            ["req", "-new", "-nodes", "-subj", "/CN=Test server"]
                + CertificateAuthority.newKey
                + ["-addext", "subjectAltName=\(names.joined(separator: ","))"]
                + ["-keyout", "\(base).key", "-out", "\(base).csr"]
        )
        try openssl([
            "x509", "-req", "-days", "2", "-copy_extensions", "copy", "-in", "\(base).csr", "-CA", certificateFile,
            "-CAkey", "\(directory)/ca.key", "-CAcreateserial", "-out", "\(base).crt",
        ])
        return Identity(certificateFile: "\(base).crt", keyFile: "\(base).key")
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    private func openssl(_ arguments: [String]) throws {
        try ChildProcess.run("openssl", arguments, log: "\(directory)/openssl.log")
    }
}
