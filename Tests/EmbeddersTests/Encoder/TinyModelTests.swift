import Embedders
import Foundation
import SemanticCache
import SemanticCacheTesting
import Testing

private let cls =
    #"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false, "word_embedding_dimension": 32}"#
private let paths = EncoderPath.allCases.filter(\.isSupported)

@Suite struct TinyModelTests {
    // bfloat16 has 8 bits of precision, and random weights make no allowance for it.
    static func tolerance(_ path: EncoderPath) -> Double { path == .avx512BF16 ? 3e-3 : 1e-5 }

    @Test(arguments: paths)
    func theMeanOfAllTokensIsPooledByDefault(path: EncoderPath) throws {
        let model = TinyModel()
        let states = DoubleEncoder(model: model).states([2, 4, 5, 7, 9, 3])
        let mean = (0..<TinyModel.width).map { column in Float(states.reduce(0) { $0 + $1[column] }) }
        let vector = try model.withFolder { try SentenceEncoder(folder: $0, path: path).vectors(of: ["The cats!"])[0] }
        #expect(1 - cosine(vector, mean) < Self.tolerance(path))
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }

    @Test(arguments: paths)
    func theFirstTokenIsPooledWhenTheFolderSaysSo(path: EncoderPath) throws {
        var model = TinyModel()
        model.files["1_Pooling/config.json"] = cls
        let first = DoubleEncoder(model: model).states([2, 8, 6, 3])[0].map { Float($0) }
        let vector = try model.withFolder { try SentenceEncoder(folder: $0, path: path).vectors(of: ["a dog"])[0] }
        #expect(1 - cosine(vector, first) < Self.tolerance(path))
    }

    @Test(arguments: paths)
    func textsInOnePassHaveTheVectorsOfTextsAlone(path: EncoderPath) throws {
        let texts = ["", "the cats", "a", "dog dog dog dog dog dog dogs!", "the"]
        let encoder = try TinyModel().withFolder { try SentenceEncoder(folder: $0, path: path) }
        let alone = try encoder.vectors(of: texts)
        for (left, right) in zip(alone, try encoder.vectors(of: texts, inOnePass: true)) {
            #expect(cosine(left, right) > 0.999_999)
        }
    }

    @Test(arguments: ["F16", "BF16"])
    func halfPrecisionWeightsAreRead(type: String) throws {
        let expected = try TinyModel().withFolder {
            try SentenceEncoder(folder: $0, path: .portable).vectors(of: ["the cat"])[0]
        }
        var model = TinyModel()
        for place in model.tensors.indices { model.tensors[place].type = type }
        let vector = try model.withFolder {
            try SentenceEncoder(folder: $0, path: .portable).vectors(of: ["the cat"])[0]
        }
        #expect(cosine(vector, expected) > (type == "F16" ? 0.99999 : 0.999))
        #expect(vector != expected)
    }

    @Test func tensorNamesMayHaveAPrefix() throws {
        var model = TinyModel()
        let plain = try model.withFolder { try SentenceEncoder(folder: $0).vectors(of: ["the cat"])[0] }
        for place in model.tensors.indices { model.tensors[place].name = "bert." + model.tensors[place].name }
        #expect(try model.withFolder { try SentenceEncoder(folder: $0).vectors(of: ["the cat"])[0] } == plain)
    }

    @Test func aTextOfMoreTokensThanTheModelReadsIsTooLong() throws {
        var model = TinyModel()
        model.files["sentence_bert_config.json"] = #"{"max_seq_length": 5}"#
        let encoder = try model.withFolder { try SentenceEncoder(folder: $0) }
        #expect(encoder.maximumTokens == 5)
        #expect(try encoder.vectors(of: ["the cat a"]).count == 1)
        #expect(throws: EmbedderError.textTooLong) { try encoder.vectors(of: ["the cat a dog"]) }
        #expect(throws: EmbedderError.textTooLong) { try encoder.vectors(of: [String(repeating: " ", count: 40_000)]) }
    }

    @Test func lettersKeepTheirCaseWhenTheFolderSaysSo() throws {
        var model = TinyModel()
        model.files["tokenizer_config.json"] = #"{"do_lower_case": false}"#
        let encoder = try model.withFolder { try SentenceEncoder(folder: $0) }
        #expect(encoder.tokenizer.ids(of: "The the") == [2, 1, 4, 3])
    }

    @Test func whateverShapesAVectorShapesTheName() throws {
        func id(_ change: (inout TinyModel) -> Void) throws -> String {
            var model = TinyModel()
            change(&model)
            return try model.withFolder { try SentenceEncoder(folder: $0, name: "tiny").modelID }
        }
        let ids = try [
            id { _ in },
            id { $0.tensors[3].numbers[0] += 1 },
            id { $0.vocabulary = .init(TinyModel.words.reversed().joined(separator: "\n").utf8) },
            id { $0.files["1_Pooling/config.json"] = cls },
            id { $0.files["sentence_bert_config.json"] = #"{"max_seq_length": 8}"# },
            id { $0.files["tokenizer_config.json"] = #"{"do_lower_case": false}"# },
            id { $0.config["num_attention_heads"] = 8 },
        ]
        #expect(Set(ids).count == ids.count)
        #expect(try ids[0] == id { _ in })
        #expect(ids[0].wholeMatch(of: /tiny-[0-9a-f]{16}-mean-16/) != nil)
    }
}
