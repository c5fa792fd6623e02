import Embedders
import FoundationEssentials
import Logging
import SemanticCache

/// The model that runs in this process.
enum LocalModel {
    /// Loads the model; nil, and a warning, when nobody named one and the default one is not there.
    ///
    /// - Throws: ``StartFailure`` when the folder cannot be used.
    static func encoder(_ settings: EmbedderSettings, _ logger: Logger) throws -> SentenceEncoder? {
        let folder = settings.modelDirectory ?? defaultFolder
        if settings.modelDirectory == nil, !FileManager.default.fileExists(atPath: folder) {
            logger.warning(
                """
                only exact requests hit: the default model is not there; Scripts/serve fetches it, embedder.model_dir \
                names another, semantic.enabled: false says that none is wanted
                """,
                metadata: ["folder": "\(folder)"]
            )
            return nil
        }
        do throws(ModelFolderError) {
            return try SentenceEncoder(folder: folder)
        } catch {
            throw StartFailure("embedder.model_dir: \(error)")
        }
    }

    /// What judges the model's candidates: words weigh by their rank in the model's vocabulary.
    static func verifier(_ encoder: SentenceEncoder) -> any Verifier {
        let tokenizer = encoder.tokenizer
        return LexicalVerifier(
            rarity: WordRarity { tokenizer.vocabularyRank(of: $0) },
            isCalibrated: isCalibrated(encoder.modelID)
        )
    }

    /// Whether the verifier's scores were measured on the cosine of this model, whatever its folder is called: it is
    /// all-MiniLM-L6-v2 with its own vocabulary and settings.
    static func isCalibrated(_ modelID: String) -> Bool { modelID.hasSuffix("-be4b84db3c3f6610-mean-256") }

    /// Where Scripts/serve puts the model that is used when none is named: `models/all-MiniLM-L6-v2` in
    /// `SEMCACHED_DATA_DIR`, else in `semcached` of the user's data folder.
    private static var defaultFolder: String {
        let environment = ProcessInfo.processInfo.environment
        let data =
            environment["SEMCACHED_DATA_DIR"]
            ?? (environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share") + "/semcached"
        return data + "/models/all-MiniLM-L6-v2"
    }
}
