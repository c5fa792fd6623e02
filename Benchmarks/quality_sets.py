"""Sets of question pairs with labels: where they are and how they are read."""

import gzip
import json
import pathlib

SAMPLE = pathlib.Path(__file__).resolve().parent / "quality-sample"
# By name, the file, and whether a duplicate there means the same question; else only non-duplicates mean something.
SETS = {
    "fow": ("fow", True),
    "lookalikes": ("lookalikes", True),
    "mqp": ("mqp", True),
    "qqp": ("qqp", True),
    "banking77": ("banking77_pairs", False),
    "clinc150": ("clinc150_pairs", False),
}
CONVERSATIONS = "fow_conversations"
# Sets that come with the repository, whatever folder is named.
SHIPPED = ("lookalikes",)


class Pair:
    """Two texts and whether one answer does for both."""

    def __init__(self, asked, stored, duplicate, category):
        self.asked = asked
        self.stored = stored
        self.duplicate = duplicate
        self.category = category


def lines(folder, name):
    """The objects of `name`.jsonl or `name`.jsonl.gz; none when the folder has neither."""
    folder = SAMPLE if name in SHIPPED else folder
    for ending, opened in ((".jsonl.gz", gzip.open), (".jsonl", open)):
        path = pathlib.Path(folder) / (name + ending)
        if path.exists():
            with opened(path, "rt", encoding="utf-8") as file:
                return [json.loads(line) for line in file]
    return []


def pairs(folder, name):
    return [
        Pair(line["a"], line["b"], bool(line["duplicate"]), line.get("category", ""))
        for line in lines(folder, SETS[name][0])
    ]


def conversations(folder):
    """Pairs of (turns before the last user text, last user text), each twice, with label and kind."""
    result = []
    for line in lines(folder, CONVERSATIONS):
        sides = [_split(line[side]) for side in ("a", "b")]
        result.append((*sides, bool(line["duplicate"]), line.get("subtype", "")))
    return result


def _split(messages):
    last = max(index for index, message in enumerate(messages) if message["role"] == "user")
    return json.dumps(messages[:last] + messages[last + 1 :]), messages[last]["content"]
