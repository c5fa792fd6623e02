"""`semcachectl import gptcache` of a database that GPTCache itself has written."""

import json
import os
import sqlite3
import subprocess
import tempfile
import unittest

import numpy
from gptcache import Cache
from gptcache.adapter.api import get, put
from gptcache.manager.data_manager import SSDataManager
from gptcache.manager.scalar_data.base import Answer, CacheData, DataType, Question, QuestionDep
from gptcache.manager.scalar_data.sql_storage import SQLStorage
from gptcache.manager.vector_data.base import VectorBase
from gptcache.processor.pre import get_prompt

from service import BINARY, ServiceTests, call

VECTOR = numpy.ones(4, dtype=numpy.float32)
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("SEMCACHED_")}


class NoVectors(VectorBase):
    """Finds everything: what the test wants of GPTCache is what it keeps."""

    def __init__(self):
        self.ids = []

    def mul_add(self, datas):
        self.ids += [data.id for data in datas]

    def search(self, data, top_k):
        return [(0.0, id) for id in self.ids]

    def rebuild(self, ids=None):
        return True

    def delete(self, ids):
        self.ids = [id for id in self.ids if id not in ids]


def semcachectl(*arguments):
    command = [str(BINARY.parent / "semcachectl"), "import", *[str(argument) for argument in arguments]]
    return subprocess.run(command, capture_output=True, text=True, env=CLEAN, timeout=120)


def chat(question, **members):
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": question}], **members}


class ImportTests(ServiceTests):
    settings = {"semantic": {"enabled": False}}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="semcached-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.file = f"{self.folder}/sqlite.db"
        self.namespace = self.id().rsplit(".", 1)[1].lower()[:100]
        self.storage = SQLStorage(url=f"sqlite:///{self.file}")
        self.addCleanup(self.storage._engine.dispose)

    def insert(self, *rows):
        return self.storage.batch_insert([CacheData(embedding_data=VECTOR, **row) for row in rows])

    def take(self, *arguments, model="gpt-4o"):
        options = ["--url", self.url, "--namespace", self.namespace, "--output", "json"]
        done = semcachectl("gptcache", self.file, *(["--model", model] if model else []), *options, *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return json.loads(done.stdout)

    def lookup(self, request, endpoint="chat.completions"):
        body = {"namespace": self.namespace, "endpoint": endpoint, "request": request, "cache": {"lease": False}}
        return call(self.url, "/v1/lookup", body)[2]

    def test_what_gptcache_has_kept_is_served(self):
        cache = Cache()
        data = SSDataManager(self.storage, NoVectors(), None, None, 1000, 10)
        cache.init(pre_embedding_func=get_prompt, embedding_func=lambda *_, **__: VECTOR, data_manager=data)
        question = 'Wie heißt "das" dort?\n'
        put(question, "Ein \\ Zeichen 🙂", cache_obj=cache)
        put("What else?", "Nothing else.", cache_obj=cache)
        self.assertIsNotNone(get("What else?", cache_obj=cache))
        report = self.take("--whole-questions", "--tag", "from:gptcache", "--ttl", "60")
        self.assertEqual(report, {"stored": 2, "dry_run": False, "skipped": {}, "refused": {}, "bad": 0})
        hit = self.lookup(chat(question))
        self.assertEqual((hit["status"], hit["tier"]), ("hit", "exact"))
        self.assertLessEqual(hit["ttl"], 60)
        choice = hit["response"]["choices"][0]
        self.assertEqual(choice["message"], {"role": "assistant", "content": "Ein \\ Zeichen 🙂"})
        self.assertEqual(choice["finish_reason"], "stop")
        self.assertEqual(self.lookup(chat(question, temperature=0.5))["status"], "miss")
        entry = call(self.url, f"/v1/entries/{hit['entry_id']}?namespace={self.namespace}")[2]
        self.assertEqual(entry["tags"], ["from:gptcache"])

    def test_what_cannot_be_taken_over_is_left_out_by_name(self):
        ids = self.insert(
            {"question": "deleted?", "answers": "a"},
            {"question": "in a session?", "answers": "a", "session_id": "s"},
            {"question": Question("with an image?", [QuestionDep("image", "x")]), "answers": "a"},
            {"question": "asked twice?", "answers": "old"},
            {"question": "an image as the answer?", "answers": Answer("aGk=", DataType.IMAGE_BASE64)},
            {"question": "no words?", "answers": ""},
            {"question": "asked twice?", "answers": "new"},
            {"question": "two answers?", "answers": ["the first", "the second"]},
            {"question": "no answer?", "answers": []},
        )
        self.storage.mark_deleted(ids[:1])
        report = self.take("--whole-questions")
        self.assertEqual(report["stored"], 2)
        reasons = ("asked again later", "deleted", "empty", "not text", "part of a session", "with attachments")
        self.assertEqual(report["skipped"], dict.fromkeys((*reasons, "without an answer"), 1))
        self.assertEqual(self.lookup(chat("deleted?"))["status"], "miss")
        for question, answer in {"asked twice?": "new", "two answers?": "the first"}.items():
            content = self.lookup(chat(question))["response"]["choices"][0]["message"]["content"]
            self.assertEqual(content, answer)

    def test_a_dry_run_counts_and_stores_nothing(self):
        self.insert({"question": "really?", "answers": "no"})
        self.assertEqual(self.take("--dry-run")["stored"], 1)
        self.assertEqual(self.lookup(chat("really?"))["status"], "miss")

    def test_a_system_prompt_and_a_template_make_the_requests_that_a_gateway_sends(self):
        self.insert({"question": "where?", "answers": "here"})
        self.take("--whole-questions", "--system", "Be brief.")
        brief = {"role": "system", "content": "Be brief."}
        request = {"model": "gpt-4o", "messages": [brief, {"role": "user", "content": "where?"}]}
        self.assertEqual(self.lookup(request)["status"], "hit")
        self.assertEqual(self.lookup(chat("where?"))["status"], "miss")
        for endpoint, template, request in (
            ("chat.completions", chat("?", temperature=0.2, seed=7), chat("where?", temperature=0.2, seed=7)),
            ("completions", {"prompt": "?", "model": "m"}, {"prompt": "where?", "model": "m"}),
        ):
            with self.subTest(endpoint):
                file = f"{self.folder}/request.json"
                with open(file, "w") as written:
                    json.dump(template, written)
                self.take("--whole-questions", "--template", file, model=None)
                self.assertEqual(self.lookup(request, endpoint)["status"], "hit")

    def test_a_database_that_is_written_to_is_read_as_it_was(self):
        with sqlite3.connect(self.file) as writer:
            writer.execute("PRAGMA journal_mode=WAL")
        self.insert({"question": "in the log?", "answers": "yes"})
        with sqlite3.connect(self.file) as writer:
            writer.execute("INSERT INTO gptcache_question (question, deleted) VALUES ('not yet?', 0)")
            self.assertEqual(self.take("--whole-questions")["stored"], 1)
            writer.rollback()
        writer.close()

    def test_what_is_missing_is_said(self):
        self.insert({"question": "what?", "answers": "this"})
        other = f"{self.folder}/other.db"
        sqlite3.connect(other).close()
        text = f"{self.folder}/text"
        with open(text, "w") as written:
            written.write("no database, but a text that is long enough to be looked at as one")
        for status, sentence, arguments in (
            (64, "GPTCache does not say which model answered", [self.file, "--dry-run"]),
            (64, "--whole-questions must be said", [self.file, "--model", "m"]),
            (64, "letters, digits and underscores", [self.file, "--model", "m", "--dry-run", "--table", "a b"]),
            (1, "cannot be opened", [f"{self.folder}/none.db", "--model", "m", "--dry-run"]),
            (1, "has no table gptcache_question", [other, "--model", "m", "--dry-run"]),
            (1, "file is not a database", [text, "--model", "m", "--dry-run"]),
            (1, "is not JSON", [self.file, "--template", text, "--dry-run"]),
            (69, "cannot be reached", [self.file, "--model", "m", "--whole-questions", "--url", "http://127.0.0.1:1"]),
        ):
            with self.subTest(sentence):
                done = semcachectl("gptcache", *arguments)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(sentence, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_litellm_is_refused_with_the_reason(self):
        done = semcachectl("litellm")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("under the SHA-256 of the request, and not the request", done.stderr)
        self.assertIn("semcachectl warm", done.stderr)


if __name__ == "__main__":
    unittest.main()
