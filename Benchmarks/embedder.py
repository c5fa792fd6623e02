"""Runs embedder-bench and onnxruntime by turns on the same weights and prints what an embedding costs with each.

    python Benchmarks/embedder.py BINARY MODEL_FOLDER [--rounds 5] [--samples 200] [--path PATH] [--json FILE]

Wants numpy, onnx and onnxruntime; Scripts/bench-embedder provides them. The ONNX model is made here from
model.safetensors, in single precision, mean pooling and the division by the length inside, and run on one thread.
"""

import argparse
import json
import math
import statistics
import struct
import subprocess
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SENTENCE = ("how do i change the home address on my bank account when i have moved to another city in the north of the "
            "country and my old card is still sent to the house where i used to live before the end of the last year "
            "with my wife and our two small children").split()


def weights(folder):
    raw = open(folder + "/model.safetensors", "rb").read()
    size = struct.unpack("<Q", raw[:8])[0]
    return {name: np.frombuffer(raw, "<f4", math.prod(t["shape"]), 8 + size + t["data_offsets"][0]).reshape(t["shape"])
            for name, t in json.loads(raw[8:8 + size]).items() if name != "__metadata__" and t["dtype"] == "F32"}


class Graph:
    """An ONNX graph that grows node by node."""

    def __init__(self, folder):
        self.weights, self.nodes, self.constants = weights(folder), [], {}
        self.config = json.load(open(folder + "/config.json"))

    def constant(self, name, value):
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name, transposed=False):
        value = self.weights[name]
        return self.constant(name, value.T if transposed else value)

    def add(self, kind, *inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def dense(self, x, name):
        return self.add("Add", self.add("MatMul", x, self.weight(name + ".weight", True)), self.weight(name + ".bias"))

    def norm(self, x, name):
        return self.add("LayerNormalization", x, self.weight(name + ".weight"), self.weight(name + ".bias"), axis=-1,
                        epsilon=self.config["layer_norm_eps"])

    def numbers(self, *values):
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def scalar(self, value):
        return self.constant(f"scalar_{value}", np.array(value, np.float32))

    def encode(self):
        heads, width = self.config["num_attention_heads"], self.config["hidden_size"]
        split = self.numbers(0, 0, heads, width // heads)
        length = self.add("Shape", "ids", start=1, end=2)
        positions = self.add("Slice", self.weight("embeddings.position_embeddings.weight"), self.numbers(0), length)
        x = self.add("Gather", self.weight("embeddings.word_embeddings.weight"), "ids")
        x = self.add("Add", x, positions)
        x = self.add("Add", x, self.constant("type", self.weights["embeddings.token_type_embeddings.weight"][0]))
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(self.config["num_hidden_layers"]):
            p = f"encoder.layer.{layer}."
            q, k, v = (self.add("Reshape", self.dense(x, p + "attention.self." + part), split)
                       for part in ("query", "key", "value"))
            q = self.add("Transpose", q, perm=[0, 2, 1, 3])
            k = self.add("Transpose", k, perm=[0, 2, 3, 1])
            v = self.add("Transpose", v, perm=[0, 2, 1, 3])
            scores = self.add("Div", self.add("MatMul", q, k), self.scalar(math.sqrt(width // heads)))
            mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), v)
            mixed = self.add("Reshape", self.add("Transpose", mixed, perm=[0, 2, 1, 3]), self.numbers(0, 0, width))
            x = self.norm(self.add("Add", x, self.dense(mixed, p + "attention.output.dense")),
                          p + "attention.output.LayerNorm")
            h = self.dense(x, p + "intermediate.dense")
            erf = self.add("Erf", self.add("Div", h, self.scalar(math.sqrt(2))))
            h = self.add("Mul", self.add("Mul", h, self.add("Add", erf, self.scalar(1.0))), self.scalar(0.5))
            x = self.norm(self.add("Add", x, self.dense(h, p + "output.dense")), p + "output.LayerNorm")
        mean = self.add("ReduceMean", x, axes=[1], keepdims=0)
        self.nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=1, p=2))
        graph = helper.make_graph(self.nodes, "encoder",
                                  [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])],
                                  [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, width])],
                                  list(self.constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


class Ours:
    """The program under test, asked line by line."""

    def __init__(self, binary, folder, path):
        command = [binary, folder] + ([path] if path else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.path, self.model, nanoseconds = self.process.stdout.readline().split()
        self.load = int(nanoseconds) / 1e6

    def resident(self):
        """Megabytes that the program takes."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return self.process.stdout.readline().split()


class Onnx:
    """onnxruntime in this process, on one thread."""

    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        began = time.perf_counter_ns()
        model = Graph(folder).encode().SerializeToString()
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.load = (time.perf_counter_ns() - began) / 1e6

    def vector(self, ids):
        return self.session.run(None, {"ids": ids})[0][0]

    def time(self, count, ids):
        """Medians of CPU and wall nanoseconds, each sample of ten runs."""
        cpu, wall = [], []
        for _ in range(max(1, count // 10)):
            cpu_before, wall_before = time.process_time_ns(), time.perf_counter_ns()
            for _ in range(10):
                self.session.run(None, {"ids": ids})
            cpu.append((time.process_time_ns() - cpu_before) / 10)
            wall.append((time.perf_counter_ns() - wall_before) / 10)
        return statistics.median(cpu), statistics.median(wall)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--path")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    ours, theirs = Ours(arguments.binary, arguments.folder, arguments.path), Onnx(arguments.folder)
    print(f"{ours.model}, {ours.path}; loaded in {ours.load:.0f} ms, "
          f"{ours.resident():.0f} MB resident; onnxruntime {onnxruntime.__version__}, float32, "
          f"one thread, called from Python")
    print("medians over rounds that alternate; ours with the tokenizer, onnxruntime without")
    print("tokens   ours CPU ms   wall   onnxruntime CPU ms   wall   ratio CPU   wall   cosine")
    results = []
    for tokens in (8, 16, 32, 64):
        words = SENTENCE * 2
        text = " ".join(words[:tokens - 2])
        ids = np.array([[int(i) for i in ours.ask("ids", text)]], np.int64)
        assert ids.shape[1] == tokens, (tokens, ids.shape)
        vector, other = np.array(ours.ask("vector", text), np.float64), theirs.vector(ids).astype(np.float64)
        cosine = vector @ other / np.linalg.norm(vector) / np.linalg.norm(other)
        count = max(10, arguments.samples * 16 // max(16, tokens))
        rounds = []
        for _ in range(arguments.rounds):
            rounds.append(([int(n) for n in ours.ask("time", count, text)], theirs.time(count, ids)))
        mine = [statistics.median(r[0][i] for r in rounds) / 1e6 for i in (0, 1)]
        rival = [statistics.median(r[1][i] for r in rounds) / 1e6 for i in (0, 1)]
        ratios = [statistics.median(r[1][i] / r[0][i] for r in rounds) for i in (0, 1)]
        print(f"{tokens:6}   {mine[0]:11.2f}   {mine[1]:4.2f}   {rival[0]:18.2f}   {rival[1]:4.2f}   {ratios[0]:9.2f}"
              f"   {ratios[1]:4.2f}   {cosine:.6f}")
        results.append({"tokens": tokens, "cpu_ms": mine[0], "wall_ms": mine[1], "onnxruntime_cpu_ms": rival[0],
                        "onnxruntime_wall_ms": rival[1], "ratio_cpu": ratios[0], "ratio_wall": ratios[1],
                        "cosine": cosine})
    print("two short texts, one after another and in one pass, CPU ms:")
    for tokens in (5, 8, 12):
        apart, together = (int(n) / 1e6 for n in ours.ask("pair", arguments.samples, " ".join(SENTENCE[:tokens - 2])))
        print(f"{tokens:6} tokens each   {apart:.2f}   {together:.2f}   {apart / together:.2f}")
    print("the embedder under load, different texts of about 16 tokens, answers per second:")
    count = 2 * arguments.samples
    for threads in (1, 2):
        rates = [count / (int(ours.ask("load", threads, callers, count, " ".join(SENTENCE[:11]))[0]) / 1e9)
                 for callers in (1, 8)]
        print(f"{threads:6} threads   {rates[0]:7.0f} at concurrency 1   {rates[1]:7.0f} at 8")
    if arguments.json:
        json.dump(results, open(arguments.json, "w"), indent=1)


main()
