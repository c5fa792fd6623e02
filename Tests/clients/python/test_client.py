"""The Python client against a real semcached."""

import asyncio
import contextlib
import json
import logging
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import anyio
from service import ROOT, ServiceTests

sys.path.insert(0, str(ROOT / "Examples" / "python"))

from semcached import (  # noqa: E402
    AsyncSemcached,
    Bypass,
    Failed,
    Hit,
    Miss,
    Refused,
    Semcached,
    SemcachedError,
    Stored,
    Unreachable,
    operations,
)
from semcached.circuit import Circuit  # noqa: E402
from semcached.recording import Recording  # noqa: E402

MODEL = "gpt-4o"


def request(text, **members):
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **members}


def completion(text, finish_reason="stop"):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    usage = {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10}
    identity = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL}
    return {**identity, "choices": [choice], "usage": usage}


def chunks(text):
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    deltas = [({"role": "assistant", "content": text}, None), ({}, "stop")]
    for delta, finish in deltas:
        yield json.dumps({**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
    yield "[DONE]"


class ClientTests(ServiceTests):
    settings = {"semantic": {"enabled": False}, "prices": {MODEL: {"prompt": 2.5, "completion": 10}}}
    # Every test runs twice: as it is written, and by way of the asynchronous client.
    kind = Semcached

    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.cache = self.client(self.url)
        self.namespace = f"n-{self.id().rpartition('.')[2]}-{self.kind.__name__}"

    def client(self, url, **settings):
        # The deadline is not what is tested, except where a test says so: the machine may be busy.
        client = self.kind(url, **{"deadline": 20, **settings})
        if self.kind is Semcached:
            self.addCleanup(client.close)
            return client
        runner = asyncio.Runner()
        self.addCleanup(runner.close)
        self.addCleanup(lambda: runner.run(client.close()))
        return Blocking(client, runner)

    def lookup(self, text, **options):
        return self.cache.lookup(request(text), namespace=self.namespace, **options)

    def test_a_miss_is_stored_with_its_ticket_and_is_a_hit_then(self):
        missed = self.lookup("Hi")
        self.assertIsInstance(missed, Miss)
        self.assertEqual((missed.reason, missed.lease), ("absent", "granted"))
        stored = self.cache.store(missed.ticket, completion("Hello"))
        self.assertIsInstance(stored, Stored)
        self.assertEqual((stored.ttl, list(stored.tiers)), (3600, ["exact"]))
        hit = self.lookup("Hi")
        self.assertIsInstance(hit, Hit)
        self.assertEqual((hit.tier, hit.entry_id, hit.coalesced), ("exact", stored.entry_id, False))
        self.assertEqual(hit.response, completion("Hello"))
        self.assertEqual(hit.saved["prompt_tokens"], 8)
        self.assertIn("hit", hit.headers["cache-status"])

    def test_events_are_stored_and_replayed(self):
        stream = request("Stream?", stream=True)
        missed = self.cache.lookup(stream, namespace=self.namespace, replay=True)
        self.assertIsInstance(self.cache.store(missed.ticket, events=list(chunks("Yes"))), Stored)
        hit = self.cache.lookup(stream, namespace=self.namespace, replay=True)
        self.assertIsNone(hit.response)
        self.assertTrue(hit.replay.endswith(b"data: [DONE]\n\n"))
        whole = self.cache.lookup(stream, namespace=self.namespace)
        self.assertEqual(whole.response["choices"][0]["message"]["content"], "Yes")

    def test_what_must_not_be_cached_is_refused_by_name(self):
        missed = self.lookup("Long?")
        self.assertEqual(self.cache.store(missed.ticket, completion("Well", "length")), Refused(reason="truncated"))
        self.assertEqual(self.lookup("Long?").lease, "granted")

    def test_a_forged_ticket_fails_and_does_not_raise(self):
        failed = self.cache.store("AQEAAAA", completion("Hello"))
        self.assertIsInstance(failed, Failed)
        self.assertEqual(failed.code, "invalid_ticket")
        self.assertFalse(self.cache.release("AQEAAAA"))

    def test_a_released_lease_is_granted_to_the_next(self):
        missed = self.lookup("Hi")
        self.assertEqual(self.lookup("Hi").lease, "held")
        self.assertTrue(self.cache.release(missed.ticket))
        self.assertEqual(self.lookup("Hi").lease, "granted")

    def test_options_reach_the_cache(self):
        missed = self.lookup("Tagged?", ttl=60, tags=["docs"])
        self.assertEqual(self.cache.store(missed.ticket, completion("Yes")).ttl, 60)
        entry = next(self.cache.entries(namespace=self.namespace))
        self.assertEqual(list(entry.tags), ["docs"])
        self.assertEqual(self.lookup("Tagged?", **{"no-cache": True}).reason, "no_cache")

    def test_bad_options_are_a_bypass_that_says_why(self):
        found = self.lookup("Hi", ttl=0)
        self.assertIsInstance(found, Bypass)
        self.assertEqual(found.reason, "invalid_request")
        self.assertIn("ttl", found.detail)

    def test_entries_are_got_listed_deleted_and_flushed(self):
        for number in range(5):
            stored = self.cache.put(request(f"{number}"), completion("Yes"), namespace=self.namespace, tags=["all"])
        listed = list(self.cache.entries(namespace=self.namespace, page=2))
        self.assertEqual(len({entry.entry_id for entry in listed}), 5)
        entry = self.cache.entry(stored.entry_id, namespace=self.namespace)
        self.assertEqual((entry.request["model"], entry.response), (MODEL, completion("Yes")))
        self.cache.delete_entry(stored.entry_id, namespace=self.namespace)
        with self.assertRaises(SemcachedError) as caught:
            self.cache.delete_entry(stored.entry_id, namespace=self.namespace)
        self.assertEqual((caught.exception.status, caught.exception.code), (404, "not_found"))
        self.assertEqual(self.cache.flush(namespace=self.namespace, tags=["none"]), 0)
        self.assertEqual(self.cache.flush(namespace=self.namespace, dry_run=True), 4)
        self.assertEqual(self.cache.flush(namespace=self.namespace, tags=["all"]), 4)
        self.assertEqual(list(self.cache.entries(namespace=self.namespace)), [])

    def test_nothing_is_flushed_by_omission(self):
        with self.assertRaises(SemcachedError) as caught:
            self.cache.flush()
        self.assertEqual(caught.exception.code, "invalid_request")

    def test_wrong_feedback_on_an_exact_hit_removes_it(self):
        stored = self.cache.put(request("Hi"), completion("Ho"), namespace=self.namespace)
        self.cache.feedback(stored.entry_id, "wrong", namespace=self.namespace)
        self.assertIsInstance(self.lookup("Hi"), Miss)

    def test_explain_and_stats_answer(self):
        self.cache.put(request("Hi"), completion("Ho"), namespace=self.namespace)
        self.assertIn("fingerprint", self.cache.explain(request("Hi"), namespace=self.namespace))
        self.lookup("Hi")
        bound = time.monotonic() + 20
        while self.cache.stats(namespace=self.namespace)["hits"]["total"] != 1:
            self.assertLess(time.monotonic(), bound)
            time.sleep(0.05)

    def test_get_or_fill_calls_once(self):
        calls = []
        ask = lambda: self.cache.get_or_fill(request("Hi"), self.calling(calls), namespace=self.namespace)  # noqa: E731
        self.assertEqual([ask(), ask()], [completion("called")] * 2)
        self.assertEqual(len(calls), 1)

    def test_get_or_fill_releases_when_the_call_fails(self):
        with self.assertRaises(RuntimeError):
            self.cache.get_or_fill(request("Hi"), self.calling([], RuntimeError()), namespace=self.namespace)
        self.assertEqual(self.lookup("Hi").lease, "granted")

    def test_get_or_fill_releases_when_the_answer_cannot_be_stored(self):
        call = self.calling([], answer=object())
        self.assertIs(type(self.cache.get_or_fill(request("Hi"), call, namespace=self.namespace)), object)
        self.assertEqual(self.lookup("Hi").lease, "granted")

    def test_what_is_no_json_is_a_bypass_and_a_failure_and_raises_nothing(self):
        loop = []
        loop.append(loop)
        ticket = self.lookup("Hi").ticket
        for value in (object(), loop, {("a",): 1}, {1, 2}):
            with self.subTest(value=type(value)):
                found = self.cache.lookup({"model": MODEL, "messages": value}, wait_ms=100)
                self.assertEqual((type(found), found.reason), (Bypass, "invalid_request"))
                failed = self.cache.store(ticket, {"secret": value})
                self.assertEqual((type(failed), failed.code), (Failed, "invalid_request"))
                for text in (repr(found), repr(failed)):
                    self.assertNotIn("secret", text)
                    self.assertNotIn(ticket, text)
        self.assertIsInstance(self.cache.store(ticket, completion("Hello")), Stored)
        with self.assertRaises(SemcachedError) as caught:
            self.cache.explain({"messages": object()})
        self.assertEqual(caught.exception.code, "invalid_request")

    def test_half_of_a_surrogate_pair_raises_nothing(self):
        self.assertIsInstance(self.lookup("\ud800"), Miss | Bypass)
        ticket = self.lookup("Hi").ticket
        self.assertIsInstance(self.cache.store(ticket, completion("\udfff")), Stored | Refused | Failed)

    def test_a_wait_that_is_no_duration_is_refused_by_the_server(self):
        for wait in ("soon", -1, None):
            self.assertIsInstance(self.lookup("Hi", wait_ms=wait), Miss | Bypass)
        self.assertEqual(self.lookup("Hi", wait_ms="soon").reason, "invalid_request")

    def test_tickets_and_requests_are_not_in_reprs(self):
        missed = self.lookup("Hi")
        self.assertNotIn(missed.ticket, repr(missed))
        self.assertNotIn("Ho", repr(operations.store(ticket="t-1", response="Ho", events=None)))

    def test_only_another_fill_is_waited_for_and_no_server_that_hangs(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            away = self.client(f"http://127.0.0.1:{silent.getsockname()[1]}", deadline=0.3, cool_down=0.01)
            for _ in range(2):
                began = time.monotonic()
                self.assertEqual(away.lookup(request("Hi"), wait_ms=30_000).reason, "unreachable")
                self.assertLess(time.monotonic() - began, 10)
                time.sleep(0.02)

    def test_another_fill_is_waited_for(self):
        self.assertEqual(self.lookup("Hi").lease, "granted")
        began = time.monotonic()
        found = self.lookup("Hi", wait_ms=500)
        self.assertGreater(time.monotonic() - began, 0.4)
        self.assertIsInstance(found, Miss)

    def calling(self, calls, error=None, answer=None):
        """A call that is counted, for either kind of client."""

        def call():
            calls.append(1)
            if error:
                raise error
            return answer or completion("called")

        async def call_later():
            return call()

        return call if self.kind is Semcached else call_later

    def test_an_unreachable_server_is_a_bypass_and_an_error_to_administrators(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            away = self.client(f"http://127.0.0.1:{unused.getsockname()[1]}")
            found = away.lookup(request("Hi"))
            self.assertEqual((type(found), found.reason), (Bypass, "unreachable"))
            self.assertEqual(away.store("ticket", completion("Hi")).code, "unreachable")
            self.assertFalse(away.release("ticket"))
            self.assertEqual(away.get_or_fill(request("Hi"), self.calling([])), completion("called"))
            with self.assertRaises(Unreachable):
                away.stats()

    def test_after_a_call_without_an_answer_the_next_ones_do_not_try(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            away = self.client(f"http://127.0.0.1:{silent.getsockname()[1]}", deadline=0.2, cool_down=60)
            for _ in range(20):
                self.assertEqual(away.lookup(request("Hi")).reason, "unreachable")
            silent.settimeout(0.2)
            accepted = 0
            try:
                while True:
                    silent.accept()[0].close()
                    accepted += 1
            except TimeoutError:
                pass
            self.assertEqual(accepted, 1)

    def test_nonsense_from_the_address_is_a_bypass(self):
        with Nonsense() as nonsense:
            away = self.client(nonsense.url)
            self.assertEqual(away.lookup(request("Hi")).reason, "unreadable")
            with self.assertRaises(SemcachedError):
                away.stats()

    def test_a_kept_connection_that_ends_instead_of_an_answer_is_opened_again(self):
        with Nonsense(closes=True) as nonsense:
            away = self.client(nonsense.url)
            for _ in range(3):
                self.assertEqual(away.lookup(request("Hi")).reason, "unreadable")


class AsyncClientTests(ClientTests):
    kind = AsyncSemcached


class ConcurrencyTests(ServiceTests):
    settings = {"semantic": {"enabled": False}}

    def test_equal_questions_of_many_threads_are_one_call(self):
        calls, answers = [], []
        with Semcached(self.url, deadline=20) as cache:

            def call():
                calls.append(1)
                time.sleep(0.3)
                return completion("once")

            threads = [
                threading.Thread(target=lambda: answers.append(cache.get_or_fill(request("At once?"), call)))
                for _ in range(16)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        self.assertEqual((answers, len(calls)), ([completion("once")] * 16, 1))

    def test_equal_questions_of_many_tasks_are_one_call(self):
        calls = []

        async def ask():
            async with AsyncSemcached(self.url, deadline=20) as cache:

                async def call():
                    calls.append(1)
                    await asyncio.sleep(0.3)
                    return completion("once")

                return await asyncio.gather(*(cache.get_or_fill(request("Tasks?"), call) for _ in range(16)))

        self.assertEqual((asyncio.run(ask()), len(calls)), ([completion("once")] * 16, 1))

    def test_a_cancelled_fill_is_released(self):
        async def give_up():
            async with AsyncSemcached(self.url, deadline=20) as cache:
                begun = asyncio.Event()

                async def call():
                    begun.set()
                    await asyncio.sleep(60)

                # A scope that is cancelled cancels every wait within it, not the first alone.
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(cache.get_or_fill, request("Cancelled?"), call)
                    await begun.wait()
                    tasks.cancel_scope.cancel()
                return await cache.lookup(request("Cancelled?"))

        self.assertEqual(asyncio.run(give_up()).lease, "granted")


class KeyTests(ServiceTests):
    def test_a_key_is_sent_and_a_missing_one_is_a_bypass(self):
        digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of "secret"
        keys = self.processes.path / "keys.yaml"
        key = {"id": "gateway-a", "sha256": digest, "scopes": ["read", "write"], "namespaces": ["*"]}
        keys.write_text(json.dumps({"keys": [key]}))
        _, url = self.start_replica("with-keys", auth={"keys_file": str(keys)})
        with Semcached(url, api_key="secret", deadline=20) as cache:
            self.assertIsInstance(cache.lookup(request("Hi")), Miss)
            with self.assertRaises(SemcachedError) as caught:
                cache.stats()
            self.assertEqual(caught.exception.code, "forbidden")
        with Semcached(url, deadline=20) as cache:
            self.assertEqual(cache.lookup(request("Hi")).reason, "unauthorized")


class RecordingTests(unittest.TestCase):
    def events(self, stream):
        recording = Recording()
        for at in range(0, len(stream), 7):
            recording.add(stream[at : at + 7])
        return recording.events()

    def test_a_stream_that_came_to_its_end_has_events(self):
        self.assertEqual(self.events('data: {"a": "é"}\n\ndata:[DONE]\n\n'.encode()), ['{"a": "é"}', "[DONE]"])
        self.assertEqual(
            self.events(b'event: x\r\ndata: {"type": "message_stop"}\r\n\r\n'), ['{"type": "message_stop"}']
        )

    def test_a_stream_that_did_not_has_none(self):
        for stream in (b"", b'data: {"a": 1}\n\n', b'data: {"a": 1}\n\ndata: [DONE]', b"hello", b"data: {\n\n"):
            self.assertIsNone(self.events(stream), stream)


class CircuitTests(unittest.TestCase):
    def setUp(self):
        self.now = 100.0
        self.circuit = Circuit(1.0, clock=lambda: self.now)

    def test_one_call_finds_out_after_the_cool_down(self):
        self.assertTrue(self.circuit.failed())
        self.assertFalse(self.circuit.admits())
        self.now += 1
        self.assertEqual([self.circuit.admits() for _ in range(3)], [True, False, False])
        self.assertFalse(self.circuit.failed())
        self.now += 1
        self.assertTrue(self.circuit.admits())
        self.circuit.succeeded()
        self.assertEqual([self.circuit.admits() for _ in range(3)], [True] * 3)


class PackageTests(unittest.TestCase):
    def test_it_installs_with_its_type_marker(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            command += ["--no-deps", "--no-build-isolation", "--target", folder, str(ROOT / "Examples" / "python")]
            subprocess.run(command, check=True)
            self.assertTrue((pathlib.Path(folder) / "semcached" / "py.typed").exists())
            metadata = next(pathlib.Path(folder).glob("semcached-*.dist-info/METADATA")).read_text()
            self.assertIn("License-Expression: Apache-2.0", metadata)


class Blocking:
    """The asynchronous client, every call of which is awaited at once."""

    def __init__(self, client, runner):
        self.client = client
        self.runner = runner

    def entries(self, **arguments):
        async def collect():
            return [entry async for entry in self.client.entries(**arguments)]

        return iter(self.runner.run(collect()))

    def __getattr__(self, name):
        return lambda *arguments, **named: self.runner.run(getattr(self.client, name)(*arguments, **named))


class Nonsense:
    """Answers 200 with text; with `closes`, a connection's second request is read and not answered."""

    def __init__(self, closes=False):
        self.closes = closes

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        # Wakes the thread: it must be gone before the number of this socket is another's.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n"
        with connection, contextlib.suppress(ConnectionResetError):
            while connection.recv(65536):
                connection.sendall(head + b"hello")
                if self.closes:
                    connection.recv(65536)
                    return


if __name__ == "__main__":
    unittest.main()
