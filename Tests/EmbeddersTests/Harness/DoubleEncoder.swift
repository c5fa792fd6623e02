import Foundation
import SemanticCacheTesting

/// The forward pass of a ``TinyModel`` in double precision, as the definition has it.
struct DoubleEncoder {
    let model: TinyModel
    private typealias Matrix = [[Double]]

    /// The last layer's vectors of a sequence's tokens.
    func states(_ ids: [Int]) -> [[Double]] {
        let words = matrix("embeddings.word_embeddings.weight", TinyModel.width)
        let positions = matrix("embeddings.position_embeddings.weight", TinyModel.width)
        let types = matrix("embeddings.token_type_embeddings.weight", TinyModel.width)
        var x = ids.enumerated().map { at, id in
            (0..<TinyModel.width).map { words[id][$0] + positions[at][$0] + types[0][$0] }
        }
        x = norm(x, "embeddings.LayerNorm")
        for layer in 0..<2 {
            let name = "encoder.layer.\(layer)"
            x = norm(
                sum(x, dense(attention(x, name), "\(name).attention.output.dense")),
                "\(name).attention.output.LayerNorm"
            )
            let wide = dense(x, "\(name).intermediate.dense").map {
                $0.map { $0 * 0.5 * (1 + erf($0 / 2.squareRoot())) }
            }
            x = norm(sum(x, dense(wide, "\(name).output.dense")), "\(name).output.LayerNorm")
        }
        return x
    }

    private func attention(_ x: Matrix, _ name: String) -> Matrix {
        let (q, k, v) = (
            dense(x, "\(name).attention.self.query"), dense(x, "\(name).attention.self.key"),
            dense(x, "\(name).attention.self.value")
        )
        let size = TinyModel.width / TinyModel.heads
        return x.indices.map { row in
            (0..<TinyModel.width).map { column in
                let head = column / size * size..<column / size * size + size
                let scores = x.indices.map { other in
                    exp(head.reduce(0) { $0 + q[row][$1] * k[other][$1] } / Double(size).squareRoot())
                }
                let total = scores.reduce(0, +)
                return x.indices.reduce(0) { $0 + scores[$1] / total * v[$1][column] }
            }
        }
    }

    private func matrix(_ name: String, _ columns: Int) -> Matrix {
        let numbers = model.numbers(name).map(Double.init)
        return stride(from: 0, to: numbers.count, by: columns).map { Array(numbers[$0..<$0 + columns]) }
    }

    private func dense(_ x: Matrix, _ name: String) -> Matrix {
        let weights = matrix("\(name).weight", x[0].count)
        let bias = model.numbers("\(name).bias").map(Double.init)
        return x.map { row in
            weights.indices.map { output in
                zip(weights[output], row).reduce(bias[output]) { $0 + $1.0 * $1.1 }
            }
        }
    }

    private func sum(_ left: Matrix, _ right: Matrix) -> Matrix {
        zip(left, right).map { zip($0, $1).map { $0 + $1 } }
    }

    private func norm(_ x: Matrix, _ name: String) -> Matrix {
        let (gain, bias) = (model.numbers("\(name).weight"), model.numbers("\(name).bias"))
        return x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map {
                (row[$0] - mean) / (variance + 1e-12).squareRoot() * Double(gain[$0]) + Double(bias[$0])
            }
        }
    }
}
