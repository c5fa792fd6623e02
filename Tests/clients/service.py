"""A semcached with a private Redis for tests with clients that others made."""

import hashlib
import json
import os
import pathlib
import sys
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

from processes import Processes, free_port, wait_until  # noqa: E402, F401

BINARY = pathlib.Path(os.environ.get("SEMCACHED_BINARY", ROOT / ".build" / "debug" / "semcached"))


def call(url, path, body=None, *, method=None, headers=None):
    """Sends JSON; returns the status, the headers and the parsed answer (None if it has no body)."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json", **(headers or {})})
    request.method = method or ("GET" if body is None else "POST")
    try:
        response = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        content = response.read()
        return response.status, response.headers, json.loads(content) if content else None


class ServiceTests(unittest.TestCase):
    """Starts Redis and `replicas` replicas with `settings` (the tree of the configuration file) once for the class."""

    settings = {}
    replicas = 1

    @classmethod
    def setUpClass(cls):
        if not BINARY.exists():
            raise AssertionError(f"{BINARY} is not there: swift build")
        cls.processes = Processes().__enter__()
        cls.addClassCleanup(cls.processes.__exit__)
        cls.redis, cls.redis_url = cls.processes.redis()
        cls.servers, cls.urls = [], []
        for number in range(cls.replicas):
            cls.start_replica(f"semcached-{number}")
        cls.url = cls.urls[0]

    @classmethod
    def keys_file(cls, **keys):
        """A file of keys, each the digest of its name, for `auth.keys_file`: `owner=(["read"], ["t-*"])`."""
        entries = [
            {"id": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "scopes": scopes, "namespaces": namespaces}
            for name, (scopes, namespaces) in keys.items()
        ]
        file = cls.processes.path / "keys.yaml"
        file.write_text(json.dumps({"keys": entries}))
        return str(file)

    @classmethod
    def start_replica(cls, name, **settings):
        """One more replica, with further settings by section: `lookup={"deadline_ms": 100}`."""
        tree = {"redis": {"url": cls.redis_url}, **cls.settings, **settings}
        file = cls.processes.path / f"{name}.yaml"
        file.write_text(json.dumps(tree))
        process, url = cls.processes.semcached(name, BINARY, file)
        cls.servers.append(process)
        cls.urls.append(url)
        return process, url
