"""The requests of a run: which questions, in which order, which of them at the same time at both gateways."""

import json
import random
from dataclasses import dataclass

MODELS = ("gpt-4o", "deepseek-v4-flash")
SYSTEM = "You are the support assistant of a bank. Answer in a few sentences."


@dataclass(frozen=True)
class Question:
    model: str
    text: str

    @property
    def messages(self):
        return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": self.text}]


@dataclass(frozen=True)
class Call:
    question: Question
    gateway: int
    stream: bool


def load_questions(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def plan(texts, requests, repeat, seed=1):
    """Groups of calls that start together: most hold one, every fourth repetition joins its original at the other gateway.

    The groups hold `requests` calls for exactly `requests` × (1 − `repeat`) distinct questions.
    """
    draw = random.Random(seed)
    distinct = max(1, round(requests * (1 - repeat)))
    pairs = [Question(model, text) for text in texts for model in MODELS]
    if distinct > len(pairs):
        raise ValueError(f"{len(pairs)} distinct questions are there, {distinct} were asked for")
    questions = draw.sample(pairs, distinct)
    repetitions = requests - distinct
    twins = min(repetitions // 4, distinct)
    order = [(index, index < twins) for index in range(distinct)]
    draw.shuffle(order)
    # A repetition stands anywhere after its original, so some are asked while it is still being answered.
    later = sorted(draw.randrange(distinct) for _ in range(repetitions - twins))

    groups, count = [], 0

    def call(question, gateway):
        nonlocal count
        count += 1
        return Call(question, gateway, stream=count % 2 == 0)

    for position, (index, has_twin) in enumerate(order):
        group = [call(questions[index], position % 2)]
        if has_twin:
            group.append(call(questions[index], 1 - position % 2))
        groups.append(group)
        while later and later[0] <= position:
            later.pop(0)
            earlier = order[draw.randrange(position + 1)][0]
            groups.append([call(questions[earlier], draw.randrange(2))])
    return groups
