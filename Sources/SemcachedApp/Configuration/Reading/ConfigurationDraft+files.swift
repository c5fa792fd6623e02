import CacheServer

extension ConfigurationDraft {
    /// Reads the secrets in files and notes which named files cannot be read.
    mutating func readNamedFiles() {
        configuration.redis.password = secret(at: configuration.redis.passwordFile, key: "redis.password_file")
        configuration.tickets.key = secret(at: configuration.tickets.keyFile, key: "tickets.hmac_key_file")
        if let key = configuration.tickets.key, key.bytes.count < 32 {
            report(
                "the file holds \(key.bytes.count) bytes, but must hold at least 32",
                key: "tickets.hmac_key_file",
                origin: origin(of: "tickets.hmac_key_file")
            )
        }
        let others = [
            ("server.tls.certificate_file", configuration.server.tlsCertificateFile),
            ("server.tls.key_file", configuration.server.tlsKeyFile),
            ("redis.tls_ca_file", configuration.redis.tlsCACertificateFile),
            ("embedder.api_key_file", configuration.embedder.apiKeyFile),
        ]
        for (key, path) in others { _ = secret(at: path, key: key) }
    }

    /// Reads the keys file, if there is one.
    mutating func readKeys() -> AccessKeys? {
        guard let path = configuration.keysFile else { return nil }
        do throws(FileContents.Failure) {
            let text = try FileContents.text(at: path)
            do throws(ConfigurationError) {
                return try KeysFile.keys(in: text, path: path)
            } catch {
                problems += error.problems
            }
        } catch {
            report("'\(path)' \(error.reason)", key: "auth.keys_file", origin: origin(of: "auth.keys_file"))
        }
        return nil
    }

    private mutating func secret(at path: String?, key: String) -> Secret? {
        guard let path else { return nil }
        do throws(FileContents.Failure) {
            return try FileContents.secret(at: path)
        } catch {
            report("'\(path)' \(error.reason)", key: key, origin: origin(of: key))
            return nil
        }
    }

    private func origin(of key: String) -> SettingOrigin { origins.service[key] ?? .fallback }
}
