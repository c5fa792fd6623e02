import Embedders
import Foundation
import SemanticCacheTesting
import Testing

/// A folder with one defect, and what the error says.
struct Defect: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ModelFolderError.Code
    let file: String
    let spoil: @Sendable (inout TinyModel) -> Void

    init(
        _ name: String,
        _ code: ModelFolderError.Code,
        _ file: String,
        _ spoil: @escaping @Sendable (inout TinyModel) -> Void
    ) {
        testDescription = name
        self.code = code
        self.file = file
        self.spoil = spoil
    }
}

private let weights = "model.safetensors"

private let defects: [Defect] = [
    Defect("no config", .missing, "config.json") { $0.missing = ["config.json"] },
    Defect("no weights", .missing, weights) { $0.missing = [weights] },
    Defect("no vocabulary", .missing, "vocab.txt") { $0.missing = ["vocab.txt"] },
    Defect("config is not JSON", .malformed, "config.json") { $0.files["config.json"] = "{\"model_type\": " },
    Defect("config is empty", .malformed, "config.json") { $0.files["config.json"] = "" },
    Defect("config is a number", .malformed, "config.json") { $0.files["config.json"] = "7" },
    Defect("other architecture", .unsupported, "config.json") { $0.config["model_type"] = "roberta" },
    Defect("no architecture", .unsupported, "config.json") { $0.config["model_type"] = nil },
    Defect("other activation", .unsupported, "config.json") { $0.config["hidden_act"] = "relu" },
    Defect("relative positions", .unsupported, "config.json") { $0.config["position_embedding_type"] = "relative_key" },
    Defect("no width", .malformed, "config.json") { $0.config["hidden_size"] = nil },
    Defect("negative width", .malformed, "config.json") { $0.config["hidden_size"] = -32 },
    Defect("immense layers", .malformed, "config.json") { $0.config["num_hidden_layers"] = 1_000_000 },
    Defect("no layers", .malformed, "config.json") { $0.config["num_hidden_layers"] = 0 },
    Defect("heads do not divide", .malformed, "config.json") { $0.config["num_attention_heads"] = 5 },
    Defect("epsilon of 2", .malformed, "config.json") { $0.config["layer_norm_eps"] = 2 },
    Defect("other pooling", .unsupported, "1_Pooling/config.json") {
        $0.files["1_Pooling/config.json"] = #"{"pooling_mode_max_tokens": true}"#
    },
    Defect("a further module", .unsupported, "modules.json") {
        $0.files["modules.json"] = #"[{"idx": 2, "type": "sentence_transformers.models.Dense"}]"#
    },
    Defect("vocabulary without special tokens", .malformed, "vocab.txt") { $0.vocabulary = Data("a\nb\n".utf8) },
    Defect("vocabulary with too many pieces", .mismatched, "vocab.txt") { $0.vocabulary += Data("more\n".utf8) },
    Defect("other width than the weights", .mismatched, weights) { $0.config["hidden_size"] = 64 },
    Defect("more layers than the weights", .mismatched, weights) { $0.config["num_hidden_layers"] = 3 },
    Defect("weights are empty", .truncated, weights) { $0.spoil = { $0 = Data() } },
    Defect("weights end in the header", .truncated, weights) { $0.spoil = { $0 = $0.prefix(100) } },
    Defect("weights lack the last byte", .truncated, weights) { $0.spoil = { $0.removeLast() } },
    Defect("weights are half there", .truncated, weights) { $0.spoil = { $0 = $0.prefix($0.count / 2) } },
    Defect("weights are a page", .malformed, weights) { $0.spoil = { $0 = Data("<!DOCTYPE html><html>".utf8) } },
    Defect("header length is immense", .malformed, weights) {
        $0.spoil = { $0.replaceSubrange(0..<8, with: Data(repeating: 255, count: 8)) }
    },
    Defect("header is not JSON", .malformed, weights) { $0.spoil = { $0[8] = UInt8(ascii: "[") } },
    Defect("header has no tensors", .malformed, weights) {
        $0.spoil = { $0 = Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8) }
    },
    Defect("a tensor is missing", .mismatched, weights) { $0.tensors.remove(at: 0) },
    Defect("a tensor of another type", .unsupported, weights) { $0.tensors[0].type = "F64" },
    Defect("fewer bytes than the shape", .malformed, weights) { $0.tensors[0].numbers.removeLast() },
    Defect("not a number", .notFinite, weights) { $0.tensors[8].numbers[3] = .nan },
    Defect("infinite", .notFinite, weights) { $0.tensors[0].numbers[0] = -.infinity },
]

@Suite struct ModelFolderTests {
    @Test(arguments: defects)
    func aBadFolderIsRefusedWithTheFileAndTheReason(defect: Defect) throws {
        var model = TinyModel()
        defect.spoil(&model)
        try model.withFolder { folder in
            let error = #expect(throws: ModelFolderError.self) { try SentenceEncoder(folder: folder) }
            #expect(error?.code == defect.code, "\(String(describing: error))")
            #expect(error?.path == "\(folder)/\(defect.file)")
            #expect(error?.description.contains(": ") == true)
        }
    }

    @Test func offsetsThatRunBackwardsOrBeyondAreRefused() throws {
        for offsets in ["[64, 0]", "[-4, 60]", "[0, 9223372036854775807]", "[0]", "[1.5, 4]", "\"no\""] {
            let header =
                #"{"embeddings.word_embeddings.weight":{"dtype":"F32","shape":[10,32],"data_offsets":\#(offsets)}}"#
            var model = TinyModel()
            model.spoil = {
                $0 = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header.utf8) + Data(count: 1280)
            }
            try model.withFolder { folder in
                let error = #expect(throws: ModelFolderError.self) { try SentenceEncoder(folder: folder) }
                #expect(error?.code == .malformed || error?.code == .truncated)
            }
        }
    }

    @Test func aFolderThatIsNotThereIsSaidToBeMissing() {
        let error = #expect(throws: ModelFolderError.self) { try SentenceEncoder(folder: "/nonexistent/model") }
        #expect(error?.code == .missing)
        #expect(error?.path == "/nonexistent/model/config.json")
    }
}
