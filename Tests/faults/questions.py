"""Questions, and answers that say to what they belong."""

import json

# Namespaces: two that are flushed often, one that is flushed by tag, one that is never flushed.
NAMESPACES = ["flushed-a", "flushed-b", "tagged", "kept"]
PROBE = "probe"
# Where other wordings are not looked for.
EXACT_ONLY = "flushed-b"
QUESTIONS = 45
# The same question in other words. Numbers keep the questions apart: no guard may let another number pass.
WORDINGS = [
    "How do I reset the password of account {}?",
    "How can I reset the password of account {}?",
    "how do i reset the password of account {}",
]
MARK = "fill="


def tags(question):
    """The tags of everything that answers a question."""
    return [f"five-{question % 5}", f"two-{question % 2}"]


def is_plain(question):
    """Whether nobody stores answers to it but holders of its lease: then every double fill is seen."""
    return question % 3 == 0


def request(question, wording):
    """The upstream request, as JSON."""
    text = json.dumps(WORDINGS[wording].format(1000 + question * 7))
    return '{"model":"gpt-4o","temperature":0,"messages":[{"role":"user","content":%s}]}' % text


def content(namespace, question, wording, fill):
    """The answer's text; some are longer than what one read of a socket brings."""
    text = f"{namespace} question={question} wording={wording} {MARK}{fill};"
    return text + (f" {fill} goes on" * 2500 if question % 9 == 0 else "")


def response(text):
    """An upstream response with this text, as JSON."""
    return (
        '{"id":"r","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"'
        + text
        + '"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}'
    )


def fill_of(answer):
    """The number of the fill that an answer's text names, and the text."""
    text = answer["choices"][0]["message"]["content"]
    start = text.index(MARK) + len(MARK)
    return int(text[start : text.index(";", start)]), text
