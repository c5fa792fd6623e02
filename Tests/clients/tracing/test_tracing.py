"""Spans of semcached as a collector gets them, with the SDK of OpenTelemetry as the caller."""

import base64
import http.client
import json
import re
import time
import unittest
import urllib.parse
import urllib.request

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from collector import Collector, attributes
from service import ServiceTests, call, free_port, wait_until

SECRET = "a question that nobody else may read"
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": SECRET}]}
ANSWER = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "a private answer"},
                       "finish_reason": "stop"}]}
SERVER, CLIENT, INTERNAL = 2, 3, 1


def provider(**options):
    exporter = InMemorySpanExporter()
    made = TracerProvider(resource=Resource.create({"service.name": "gateway"}), **options)
    made.add_span_processor(SimpleSpanProcessor(exporter))
    return made.get_tracer("gateway"), exporter


def metric(url, name):
    with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[-1])
    return None


def span_id(span):
    return f"{span.get_span_context().span_id:016x}"


def trace_id(span):
    return f"{span.get_span_context().trace_id:032x}"


class TracingTests(ServiceTests):
    """One replica that exports to a collector."""

    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.close)
        cls.settings = {"tracing": {"endpoint": cls.collector.url, "service_name": "cache-of-test"}}
        super().setUpClass()

    def setUp(self):
        self.collector.spans.clear()

    def spans(self, condition):
        """The spans, once they are as `condition` wants them."""
        wait_until(lambda: condition(list(self.collector.spans)), f"spans arrive: {self.collector.problems}")
        self.assertEqual(self.collector.problems, [])
        return list(self.collector.spans)

    def test_the_callers_span_and_ours_are_one_trace(self):
        tracer, _ = provider()
        with tracer.start_as_current_span("ask the cache") as caller:
            headers = {"tracestate": "vendor=opaque"}
            propagate.inject(headers)
            self.assertIn("traceparent", headers)
            miss = call(self.url, "/v1/lookup", {"namespace": "traced", "request": REQUEST}, headers=headers)[2]
        self.assertEqual(miss["status"], "miss")
        spans = self.spans(lambda spans: any(span.name == "POST /v1/lookup" for span in spans))
        root = next(span for span in spans if span.name == "POST /v1/lookup")
        self.assertEqual(root.trace_id.hex(), trace_id(caller))
        self.assertEqual(root.parent_span_id.hex(), span_id(caller))
        self.assertEqual(root.kind, SERVER)
        self.assertEqual(root.flags & 0x301, 0x301)
        named = attributes(root)
        self.assertEqual(
            {name: named[name] for name in named if name != "semcached.similarity"},
            {
                "http.request.method": "POST", "http.route": "/v1/lookup", "http.response.status_code": 200,
                "semcached.namespace": "traced", "semcached.outcome": "miss", "semcached.reason": "absent",
            },
        )
        parts = [span for span in spans if span.parent_span_id == root.span_id]
        self.assertIn(("redis fetch", CLIENT), [(span.name, span.kind) for span in parts])
        self.assertIn(("redis lease", CLIENT), [(span.name, span.kind) for span in parts])
        now = time.time_ns()
        for span in spans:
            self.assertEqual(span.trace_id, root.trace_id)
            self.assertLessEqual(span.start_time_unix_nano, span.end_time_unix_nano)
            self.assertGreaterEqual(span.start_time_unix_nano, root.start_time_unix_nano)
            self.assertLessEqual(span.end_time_unix_nano, root.end_time_unix_nano)
            self.assertLess(abs(now - span.start_time_unix_nano), 60e9)
        resource = self.collector.resources[-1]
        self.assertEqual(resource["service.name"], "cache-of-test")
        self.assertTrue(resource["service.instance.id"])

    def test_hits_and_stores_say_what_came_out(self):
        body = {"namespace": "outcomes", "request": REQUEST}
        ticket = call(self.url, "/v1/lookup", body)[2]["ticket"]
        call(self.url, "/v1/store", {"ticket": ticket, "response": ANSWER})
        self.assertEqual(call(self.url, "/v1/lookup", body)[2]["status"], "hit")
        self.assertEqual(call(self.url, "/v1/store", {"ticket": "no.ticket", "response": ANSWER})[0], 403)
        spans = self.spans(lambda spans: len([span for span in spans if span.kind == SERVER]) == 4)
        roots = [attributes(span) for span in spans if span.kind == SERVER]
        self.assertEqual([root.get("semcached.outcome") for root in roots], ["miss", "stored", "hit", None])
        self.assertEqual(roots[2]["semcached.tier"], "exact")
        self.assertEqual(roots[3]["error.type"], "invalid_ticket")
        self.assertIn("redis commit", [span.name for span in spans])
        # No caller named a trace: each request is one of its own.
        self.assertEqual(len({span.trace_id for span in spans}), 4)
        self.assertEqual({span.parent_span_id for span in spans if span.kind == SERVER}, {b""})

    def test_what_is_asked_and_answered_is_in_no_span(self):
        call(self.url, "/v1/lookup", {"request": REQUEST}, headers={"Authorization": "Bearer not-a-key-to-tell"})
        self.spans(lambda spans: any(span.kind == SERVER for span in spans))
        for _, _, path, content_type, body in self.collector.requests:
            self.assertEqual((path, content_type), ("/v1/traces", "application/json"))
            for text in (SECRET, "private answer", "not-a-key-to-tell"):
                self.assertNotIn(text.encode(), body)
                self.assertNotIn(base64.b64encode(text.encode()), body)

    def test_ids_are_hexadecimal_and_times_are_strings(self):
        call(self.url, "/v1/lookup", {"request": REQUEST})
        self.spans(lambda spans: any(span.kind == SERVER for span in spans))
        for _, _, _, _, body in self.collector.requests:
            for group in json.loads(body)["resourceSpans"]:
                for span in group["scopeSpans"][0]["spans"]:
                    self.assertRegex(span["traceId"], r"^[0-9a-f]{32}$")
                    self.assertRegex(span["spanId"], r"^[0-9a-f]{16}$")
                    self.assertRegex(span["startTimeUnixNano"], r"^[0-9]{19}$")
                    self.assertRegex(span["endTimeUnixNano"], r"^[0-9]{19}$")

    def test_a_caller_that_is_not_sampled_leaves_no_span(self):
        tracer, _ = provider(sampler=ALWAYS_OFF)
        with tracer.start_as_current_span("not sampled") as caller:
            headers = {}
            propagate.inject(headers)
            self.assertRegex(headers["traceparent"], r"-0[02]$")
            call(self.url, "/v1/lookup", {"request": REQUEST}, headers=headers)
        call(self.url, "/v1/lookup", {"namespace": "after", "request": REQUEST})
        spans = self.spans(lambda spans: any(attributes(span).get("semcached.namespace") == "after" for span in spans))
        self.assertNotIn(trace_id(caller), {span.trace_id.hex() for span in spans})

    def test_a_malformed_traceparent_begins_a_new_trace(self):
        wrong = ["", "00-0", "00-" + "0" * 32 + "-b7ad6b7169203331-01",
                 "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-and-more",
                 "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01"]
        for text in wrong:
            call(self.url, "/v1/lookup", {"request": REQUEST}, headers={"traceparent": text})
        # Two of them say nothing either.
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=30)
        body = json.dumps({"request": REQUEST}).encode()
        connection.putrequest("POST", "/v1/lookup")
        for number in "12":
            connection.putheader("traceparent", f"00-{number * 32}-b7ad6b7169203331-01")
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        spans = self.spans(lambda spans: len([span for span in spans if span.kind == SERVER]) == len(wrong) + 1)
        roots = [span for span in spans if span.kind == SERVER]
        self.assertEqual({span.parent_span_id for span in roots}, {b""})
        self.assertEqual(len({span.trace_id for span in roots}), len(wrong) + 1)

    def test_who_watches_the_service_leaves_no_span(self):
        for path in ("/healthz", "/readyz", "/metrics"):
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                self.assertEqual(answer.status, 200)
        call(self.url, "/v1/lookup", {"namespace": "last", "request": REQUEST})
        spans = self.spans(lambda spans: any(attributes(span).get("semcached.namespace") == "last" for span in spans))
        self.assertEqual({span.name for span in spans if span.kind == SERVER}, {"POST /v1/lookup"})


class CollectorTroubleTests(ServiceTests):
    """A replica whose collector does not do what it should."""

    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.close)
        cls.settings = {"tracing": {"endpoint": cls.collector.url}, "log": {"format": "json"}}
        super().setUpClass()

    def counts(self):
        return {result: metric(self.url, f'semcached_trace_spans_total{{result="{result}"}}')
                for result in ("exported", "queue_full", "rejected", "failed")}

    def test_a_collector_that_is_busy_is_asked_again_when_it_says(self):
        self.collector.status, self.collector.headers = 503, {"retry-after": "1"}
        before = len(self.collector.requests)
        call(self.url, "/v1/lookup", {"namespace": "busy", "request": REQUEST})
        wait_until(lambda: len(self.collector.requests) >= before + 2, "it is asked again")
        self.collector.status, self.collector.headers = 200, {}
        wait_until(
            lambda: any(attributes(span).get("semcached.namespace") == "busy" for span in self.collector.spans),
            "the span arrives in the end",
        )
        (first, *_), (second, *_) = self.collector.requests[before:before + 2]
        self.assertGreater(second - first, 0.9)

    def test_what_the_collector_refuses_is_counted_and_not_tried_again(self):
        self.collector.status = 400
        before, failed = len(self.collector.requests), self.counts()["failed"]
        call(self.url, "/v1/lookup", {"namespace": "refused", "request": REQUEST})
        wait_until(lambda: self.counts()["failed"] > failed, "the spans are given up")
        self.collector.status = 200
        call(self.url, "/v1/lookup", {"namespace": "after", "request": REQUEST})
        namespaces = lambda: {attributes(span).get("semcached.namespace") for span in self.collector.spans}  # noqa: E731
        wait_until(lambda: "after" in namespaces(), "later spans are exported")
        self.assertNotIn("refused", namespaces())
        self.assertGreater(len(self.collector.requests), before)

    def test_partial_success_is_counted(self):
        rejected = self.counts()["rejected"]
        self.collector.answer = b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}'
        call(self.url, "/v1/lookup", {"namespace": "partial", "request": REQUEST})
        wait_until(lambda: self.counts()["rejected"] > rejected, "the rejected span is counted")
        self.collector.answer = b"{}"

    def test_lookups_go_on_and_memory_is_bounded_while_the_collector_hangs(self):
        self.collector.delay = 3
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=30)
        body = json.dumps({"namespace": "hang", "request": REQUEST}).encode()
        for _ in range(2500):
            connection.request("POST", "/v1/lookup", body, {"Content-Type": "application/json"})
            self.assertEqual(json.loads(connection.getresponse().read())["status"], "miss")
        connection.close()
        wait_until(lambda: self.counts()["queue_full"] > 0, "spans are dropped")
        self.assertLessEqual(metric(self.url, "semcached_trace_queue_spans"), 4096 + 512)
        self.collector.delay = 0
        wait_until(lambda: metric(self.url, "semcached_trace_queue_spans") == 0, "what waits is exported")


class NoCollectorTests(ServiceTests):
    """Replicas whose collector is not there, and the settings that other programs know."""

    def test_a_collector_that_is_away_fails_nothing_and_the_end_is_not_late(self):
        process, url = self.start_replica("away", tracing={"endpoint": f"http://127.0.0.1:{free_port()}"},
                                          log={"format": "json"})
        for _ in range(20):
            self.assertEqual(call(url, "/v1/lookup", {"namespace": "away", "request": REQUEST})[2]["status"], "miss")
        wait_until(lambda: "the trace collector takes no spans" in self.processes.log_of("away"), "it is logged")
        process.terminate()
        self.assertEqual(process.wait(15), 0)
        self.assertEqual(self.processes.log_of("away").count("the trace collector takes no spans"), 1)

    def test_the_last_spans_are_exported_at_the_end(self):
        collector = Collector()
        self.addCleanup(collector.close)
        process, url = self.start_replica("last", tracing={"endpoint": f"{collector.url}/v1/traces"})
        for _ in range(5):
            call(url, "/v1/lookup", {"namespace": "end", "request": REQUEST})
        process.terminate()
        self.assertEqual(process.wait(15), 0)
        self.assertEqual(collector.problems, [])
        self.assertEqual(len([span for span in collector.spans if span.kind == SERVER]), 5)

    def test_the_share_of_new_traces_is_as_set(self):
        collector = Collector()
        self.addCleanup(collector.close)
        process, url = self.start_replica("share", tracing={"endpoint": collector.url, "sample_ratio": 0.5})
        for _ in range(400):
            call(url, "/v1/lookup", {"namespace": "share", "request": REQUEST})
        process.terminate()
        self.assertEqual(process.wait(15), 0)
        sampled = len([span for span in collector.spans if span.kind == SERVER])
        # Ten standard deviations.
        self.assertTrue(100 < sampled < 300, sampled)


class RequestLogTests(ServiceTests):
    """Lines of the request log."""

    def lines(self, name):
        lines = [json.loads(line) for line in self.processes.log_of(name).splitlines() if line.startswith("{")]
        return [line for line in lines if line["label"] == "semcached.requests"]

    def test_each_request_has_a_line_when_that_is_wanted(self):
        process, url = self.start_replica("all", log={"format": "json", "requests": "all"})
        trace = "0af7651916cd43dd8448eb211c80319c"
        headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01", "x-request-id": "of-the-caller"}
        body = {"namespace": "logged", "request": REQUEST}
        _, sent, miss = call(url, "/v1/lookup", body, headers=headers)
        self.assertEqual(sent["x-request-id"], "of-the-caller")
        _, sent, _ = call(url, "/v1/store", {"ticket": miss["ticket"], "response": ANSWER})
        call(url, "/v1/lookup", body)
        call(url, "/v1/store", {"ticket": "no.ticket", "response": ANSWER})
        call(url, f"/nowhere?{urllib.parse.quote(SECRET)}")
        wait_until(lambda: len([line for line in self.lines("all") if line["route"] != "/readyz"]) == 5, "five lines")
        lines = [line for line in self.lines("all") if line["route"] != "/readyz"]
        for line in lines:
            self.assertRegex(line.pop("at"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertGreaterEqual(line.pop("duration_ms"), 0)
            self.assertEqual((line.pop("message"), line.pop("label"), line.pop("level")),
                             ("request", "semcached.requests", "info"))
        self.assertEqual(lines[0], {
            "request_id": "of-the-caller", "method": "POST", "route": "/v1/lookup", "status": 200,
            "namespace": "logged", "outcome": "miss", "reason": "absent", "trace_id": trace,
        })
        self.assertEqual((lines[1]["outcome"], lines[1]["status"], lines[1]["request_id"]),
                         ("stored", 201, sent["x-request-id"]))
        self.assertEqual((lines[2]["outcome"], lines[2]["tier"]), ("hit", "exact"))
        self.assertEqual((lines[3]["status"], lines[3]["problem"]), (403, "invalid_ticket"))
        self.assertEqual((lines[4]["method"], lines[4]["route"], lines[4]["status"]), ("other", "other", 404))
        log = self.processes.log_of("all")
        for text in (SECRET, urllib.parse.quote(SECRET), "private answer", miss["ticket"]):
            self.assertNotIn(text, log)

    def test_the_text_form_has_the_same_fields(self):
        _, url = self.start_replica("text", log={"format": "text", "requests": "all"})
        call(url, "/v1/lookup", {"namespace": "words", "request": REQUEST}, headers={"x-request-id": "r-1"})
        line = r"(?m)^\S+Z info semcached\.requests: request_id=r-1 method=POST route=/v1/lookup status=200 " \
               r"duration_ms=[0-9.]+ namespace=words outcome=miss reason=absent$"
        wait_until(lambda: re.search(line, self.processes.log_of("text")), "the line is there")

    def test_by_default_only_what_fails_has_a_line(self):
        redis, redis_url = self.processes.redis("redis-to-stop")
        _, url = self.start_replica("errors", redis={"url": redis_url}, log={"format": "json"})
        body = {"namespace": "failing", "request": REQUEST}
        ticket = call(url, "/v1/lookup", body)[2]["ticket"]
        call(url, "/v1/store", {"ticket": "no.ticket", "response": ANSWER})
        self.processes.stop(redis)
        wait_until(lambda: metric(url, "semcached_redis_up") == 0, "the replica knows that Redis is down")
        self.assertEqual(call(url, "/v1/lookup", body)[2]["status"], "bypass")
        self.assertEqual(call(url, "/v1/store", {"ticket": ticket, "response": ANSWER})[0], 503)
        wait_until(lambda: len(self.lines("errors")) >= 2, "two lines")
        lines = [line for line in self.lines("errors") if line["route"] != "/readyz"]
        self.assertEqual(
            [(line["level"], line["route"], line["status"], line["outcome"], line["namespace"]) for line in lines],
            [("warning", "/v1/lookup", 200, "bypass", "failing"), ("error", "/v1/store", 503, "failed", "failing")],
        )
        self.assertEqual(lines[0]["reason"], "redis_unavailable")
        self.assertEqual(lines[1]["problem"], "redis_unavailable")

    def test_failures_do_not_fill_the_disk(self):
        redis, redis_url = self.processes.redis("redis-to-stop-too")
        _, url = self.start_replica("many", redis={"url": redis_url}, log={"format": "json"},
                                    server={"event_loops": 1})
        self.processes.stop(redis)
        wait_until(lambda: metric(url, "semcached_redis_up") == 0, "the replica knows that Redis is down")
        began = time.monotonic()
        for _ in range(300):
            call(url, "/v1/lookup", {"namespace": "many", "request": REQUEST})
        seconds = time.monotonic() - began
        time.sleep(1.1)
        call(url, "/v1/lookup", {"namespace": "many", "request": REQUEST})
        wait_until(lambda: any(line.get("omitted", 0) > 0 for line in self.lines("many")), "what was left out is told")
        lines = self.lines("many")
        self.assertLessEqual(len(lines), 20 * (int(seconds) + 3))
        self.assertEqual(len(lines) + sum(line.get("omitted", 0) for line in lines), 301)

    def test_nothing_is_logged_when_that_is_wanted(self):
        redis, redis_url = self.processes.redis("redis-to-stop-last")
        _, url = self.start_replica("off", redis={"url": redis_url}, log={"format": "json", "requests": "off"})
        self.processes.stop(redis)
        wait_until(lambda: metric(url, "semcached_redis_up") == 0, "the replica knows that Redis is down")
        self.assertEqual(call(url, "/v1/lookup", {"request": REQUEST})[2]["status"], "bypass")
        self.assertEqual(self.lines("off"), [])


if __name__ == "__main__":
    unittest.main()
