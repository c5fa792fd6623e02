"""The document at GET /openapi.json against the running server: schemathesis makes requests from it, good and bad."""

import pathlib
import re
import socket
import subprocess
import sys

from service import ServiceTests, call

HERE = pathlib.Path(__file__).parent
KEY = "owner-key"


class OpenAPI(ServiceTests):
    settings = {"limits": {"entry_bytes": 65536}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = cls.keys_file(**{KEY: (["read", "write", "admin"], ["*"])})
        _, cls.url = cls.start_replica("keyed", auth={"keys_file": keys})

    def schemathesis(self, *arguments):
        command = [pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run", f"{self.url}/openapi.json"]
        command += ["--header", f"Authorization: Bearer {KEY}", "--seed", "1", "--no-color", "--workers", "1", *arguments]
        run = subprocess.run(command, capture_output=True, text=True, cwd=self.processes.path, timeout=540)
        self.assertEqual(run.returncode, 0, run.stdout[-12_000:] + run.stderr[-2000:])
        generated = re.search(r"(\d+) generated", run.stdout)
        self.assertGreater(int(generated.group(1)), 500, run.stdout[-3000:])

    def test_everyAnswerToGoodAndBadRequestsIsAsTheDocumentSays(self):
        self.schemathesis("--max-examples", "20")

    def test_anUnknownMethodIsNotAllowedAndNeverAFaultOfTheServer(self):
        paths = list(call(self.url, "/openapi.json")[2]["paths"])
        self.assertGreater(len(paths), 15)
        for path in paths:
            for method in ("QUERY", "PROPFIND", "TRACE", "PATCH", "BREW"):
                with self.subTest(path, method=method):
                    target = path.replace("{id}", "0" * 64).replace("{entryId}", "0" * 64).replace("{cacheId}", "c")
                    self.assertIn(self.status_of(method, target), (405,) if method != "BREW" else (400, 405, 501))

    def status_of(self, method, target):
        """By hand: clients refuse to send some methods."""
        host, port = self.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            with connection.makefile("rb") as answer:
                return int(answer.readline().split()[1])
