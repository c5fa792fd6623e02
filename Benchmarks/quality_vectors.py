"""Sentence vectors of a BERT-family model folder, by numpy in 32 bits: slow, plain, and independent of the service."""

import json
import pathlib
import struct
import time
import unicodedata

import numpy as np

LONGEST = 256


class Tokenizer:
    """WordPiece with lower case and without accents."""

    def __init__(self, vocabulary):
        lines = vocabulary.read_text(encoding="utf-8").split("\n")
        self.ids = {piece: number for number, piece in enumerate(lines)}
        self.unknown, self.first, self.last = (self.ids[name] for name in ("[UNK]", "[CLS]", "[SEP]"))

    def encode(self, text):
        pieces = [piece for word in self._words(text) for piece in self._pieces(word)]
        return [self.first, *pieces[: LONGEST - 2], self.last]

    @staticmethod
    def _words(text):
        spaced = []
        for letter in text:
            category = unicodedata.category(letter)
            if letter in "\t\n\r" or category == "Zs":
                spaced.append(" ")
            elif letter in "\0\ufffd" or category in ("Cc", "Cf", "Cn", "Co"):
                continue
            elif _is_ideograph(ord(letter)):
                spaced.append(f" {letter} ")
            else:
                spaced.append(letter)
        plain = unicodedata.normalize("NFD", "".join(spaced))
        plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").lower()
        separated = "".join(f" {letter} " if _is_punctuation(letter) else letter for letter in plain)
        return separated.split()

    def _pieces(self, word):
        if len(word) > 100:
            return [self.unknown]
        pieces, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self.ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    break
            else:
                return [self.unknown]
            pieces.append(number)
            start = end
        return pieces


class Encoder:
    """The forward pass, mean pooling, and length 1."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.tokenizer = Tokenizer(self.folder / "vocab.txt")
        self.config = json.loads((self.folder / "config.json").read_text())
        self.weights = _safetensors(self.folder / "model.safetensors")
        self.heads = self.config.get("num_attention_heads", 12)
        layers = {name.split(".")[2] for name in self.weights if name.startswith("encoder.layer.")}
        self.layers = [self._layer(f"encoder.layer.{number}.") for number in range(len(layers))]

    def vectors(self, texts, say=lambda text: None):
        """One unit vector a row, in the order of the texts."""
        ids = [self.tokenizer.encode(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        result, begun, said = None, 0, time.monotonic()
        while begun < len(order):
            length = len(ids[order[begun]])
            end = begun + 1
            while end < len(order) and len(ids[order[end]]) == length and (end - begun + 1) * length <= 1600:
                end += 1
            batch = order[begun:end]
            rows = self._forward(np.array([ids[index] for index in batch]))
            if result is None:
                result = np.zeros((len(texts), rows.shape[1]), np.float32)
            result[batch] = rows
            begun = end
            if time.monotonic() - said > 30:
                said = time.monotonic()
                say(f"vectors: {begun} of {len(order)} texts")
        return result

    def _layer(self, prefix):
        attention = prefix + "attention.self."
        parts = ("query", "key", "value")
        return {
            "qkv": np.concatenate([self.weights[f"{attention}{part}.weight"] for part in parts]).T.copy(),
            "qkv_bias": np.concatenate([self.weights[f"{attention}{part}.bias"] for part in parts]),
            "out": prefix + "attention.output.dense",
            "norm": prefix + "attention.output.LayerNorm",
            "up": prefix + "intermediate.dense",
            "down": prefix + "output.dense",
            "last_norm": prefix + "output.LayerNorm",
        }

    def _forward(self, ids):
        count, length = ids.shape
        weights = self.weights
        rows = weights["embeddings.word_embeddings.weight"][ids]
        rows = rows + weights["embeddings.position_embeddings.weight"][:length]
        rows = rows + weights["embeddings.token_type_embeddings.weight"][0]
        size = rows.shape[2]
        rows = self._norm(rows.reshape(count * length, size), "embeddings.LayerNorm")
        for layer in self.layers:
            shaped = (rows @ layer["qkv"] + layer["qkv_bias"]).reshape(count, length, 3, self.heads, size // self.heads)
            query, key, value = shaped.transpose(2, 0, 3, 1, 4)
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32((size // self.heads) ** 0.5)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(count * length, size)
            rows = self._norm(rows + self._dense(mixed, layer["out"]), layer["norm"])
            rows = self._norm(rows + self._dense(_gelu(self._dense(rows, layer["up"])), layer["down"]), layer["last_norm"])
        pooled = rows.reshape(count, length, size).mean(1)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def _dense(self, rows, name):
        return rows @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def _norm(self, rows, name):
        centered = rows - rows.mean(-1, keepdims=True)
        variance = (centered * centered).mean(-1, keepdims=True)
        epsilon = self.config.get("layer_norm_eps", 1e-12)
        return centered / np.sqrt(variance + epsilon) * self.weights[name + ".weight"] + self.weights[name + ".bias"]


def _gelu(rows):
    """With the error function of Abramowitz and Stegun 7.1.26, exact to 1.5e-7."""
    scaled = np.abs(rows) * np.float32(0.5**0.5)
    step = 1 / (1 + np.float32(0.3275911) * scaled)
    series = np.zeros_like(rows)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * step
    error = np.sign(rows) * (1 - series * np.exp(-scaled * scaled))
    return rows * np.float32(0.5) * (1 + error)


def _safetensors(path):
    """The tensors of a safetensors file, as 32-bit floats."""
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        body = file.read()
    tensors = {}
    for name, tensor in header.items():
        if name == "__metadata__" or tensor["dtype"] not in ("F32", "F16"):
            continue
        begun, end = tensor["data_offsets"]
        kind = np.float32 if tensor["dtype"] == "F32" else np.float16
        tensors[name.removeprefix("bert.")] = (
            np.frombuffer(body[begun:end], kind).reshape(tensor["shape"]).astype(np.float32)
        )
    return tensors


def _is_ideograph(number):
    return any(
        low <= number <= high
        for low, high in (
            (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
            (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
        )
    )


def _is_punctuation(letter):
    number = ord(letter)
    if 33 <= number <= 47 or 58 <= number <= 64 or 91 <= number <= 96 or 123 <= number <= 126:
        return True
    return unicodedata.category(letter).startswith("P")
