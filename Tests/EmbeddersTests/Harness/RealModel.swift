import Embedders
import Foundation
import Testing

/// The model that semcached ships with, where Scripts/test has put it.
enum RealModel {
    /// The folder: `SEMCACHED_EMBEDDER_MODEL_DIR`, else the one in the data folder.
    static var folder: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["SEMCACHED_EMBEDDER_MODEL_DIR"], !folder.isEmpty { return folder }
        let home = environment["HOME"] ?? "/root"
        let data =
            environment["SEMCACHED_DATA_DIR"] ?? "\(environment["XDG_DATA_HOME"] ?? home + "/.local/share")/semcached"
        return data + "/models/all-MiniLM-L6-v2"
    }

    /// Loads it; without the folder the test fails, as nothing about it has been tested then.
    static func encoder(_ path: EncoderPath = .fastest) throws -> SentenceEncoder {
        do {
            return try SentenceEncoder(folder: folder, path: path)
        } catch {
            Issue.record("no model (Scripts/test fetches it): \(error)")
            throw error
        }
    }
}
