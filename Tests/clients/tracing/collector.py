"""An OTLP/HTTP collector in the process of the test, which takes only what the protocol's own definition takes."""

import base64
import http.server
import json
import re
import threading
import time

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Answers with `status`, after `delay` seconds; keeps the spans of the requests that it took."""

    def __init__(self, port=0):
        self.status, self.headers, self.delay, self.answer = 200, {}, 0, b"{}"
        self.spans, self.resources, self.requests, self.problems = [], [], [], []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.take(self, body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, handler, body):
        status = self.status
        self.requests.append((time.monotonic(), status, handler.path, handler.headers["content-type"], body))
        if self.delay:
            time.sleep(self.delay)
        if status == 200:
            try:
                # Unknown members and wrong types are errors here.
                request = json_format.ParseDict(with_base64_ids(json.loads(body)), ExportTraceServiceRequest())
                for resource_spans in request.resource_spans:
                    self.resources.append(attributes(resource_spans.resource))
                    for scope_spans in resource_spans.scope_spans:
                        self.spans += scope_spans.spans
            except (json_format.ParseError, ValueError) as error:
                self.problems.append(f"{error}: {body[:400]}")
        answer = self.answer
        try:
            handler.send_response(status)
            for name, text in {"content-type": "application/json", **self.headers}.items():
                handler.send_header(name, text)
            handler.send_header("content-length", str(len(answer)))
            handler.end_headers()
            handler.wfile.write(answer)
        except OSError:
            pass

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def with_base64_ids(value):
    """The same with ids as Protobuf's own mapping writes bytes; OTLP writes them as hexadecimal digits."""
    if isinstance(value, list):
        return [with_base64_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: with_base64_ids(item) for name, item in value.items()}
    for name, digits in (("traceId", 32), ("spanId", 16), ("parentSpanId", 16)):
        if name in result:
            if not re.fullmatch(f"[0-9a-f]{{{digits}}}", result[name]):
                raise ValueError(f"{name} is {result[name]!r}")
            result[name] = base64.b64encode(bytes.fromhex(result[name])).decode()
    return result


def attributes(message):
    """The attributes of a span or resource by name."""
    return {item.key: getattr(item.value, item.value.WhichOneof("value")) for item in message.attributes}
