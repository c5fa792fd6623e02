"""Where the measured vectors come from: questions that somebody has, else made ones."""

import sys
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ASKED = 3_000


def unit(vectors):
    return (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).astype(numpy.float32)


class Questions:
    """Vectors of real texts: some are asked for, the others stored."""

    is_synthetic = False

    def __init__(self, rows, origin):
        # Texts that are too long to be compared have no vector.
        rows = rows[numpy.linalg.norm(rows, axis=1) > 0]
        rows = unit(rows)[numpy.random.default_rng(7).permutation(len(rows))]
        asked = min(ASKED, len(rows) // 10)
        self.asked, self.stored = rows[:asked], rows[asked:]
        self.description = f"{len(rows):,} real ones of {rows.shape[1]} dimensions ({origin}), {asked:,} of them asked"

    def some(self, elements):
        """At most so many to store, and those to ask."""
        return self.stored[:elements], self.asked


class Made:
    """Unit vectors around topics in a space of few dimensions, as embeddings of questions are."""

    is_synthetic = True
    description = "made ones of 384 dimensions: half of the asked are near a stored one (cosine about 0.93)"

    def __init__(self, dimensions=384, topics=2_000, latent=96):
        self.random = numpy.random.default_rng(7)
        self.lift = self.random.standard_normal((latent, dimensions))
        self.centers = self.random.standard_normal((topics, latent))

    def _new(self, count):
        topics = self.centers[self.random.integers(len(self.centers), size=count)]
        return unit((topics + self.random.standard_normal(topics.shape)) @ self.lift)

    def some(self, elements):
        stored = self._new(elements)
        near = stored[self.random.integers(elements, size=ASKED // 2)]
        noise = unit(self.random.standard_normal(near.shape))
        return stored, numpy.vstack([unit(near + 0.4 * noise), self._new(ASKED - ASKED // 2)])


def source(path, data, model):
    """Vectors of the texts of pair sets, those of a file, or made ones."""
    if data:
        return Questions(_of_pairs(path, data, model), "pair sets")
    if path:
        with numpy.load(path, allow_pickle=False) as stored:
            return Questions(stored["rows"], Path(path).name)
    return Made()


def _of_pairs(path, data, model):
    import quality_sets
    from quality import Vectors

    pairs = [pair for name in quality_sets.SETS for pair in quality_sets.pairs(data, name)]
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.asked, pair.stored)))
    if not texts:
        sys.exit(f"bench-index: no pair set in {data}; Scripts/quality --help says which there may be")
    vectors = Vectors(model, path)
    vectors.need(texts)
    return vectors.matrix(texts)
