"""Replicas of semcached, each with a wall clock that can be moved."""

import hashlib
import shutil
import struct
import subprocess
import pathlib
import urllib.error
import urllib.request

from calls import KEY
from processes import DidNotStart, free_ports, wait_until
from questions import EXACT_ONLY

LEASE_SECONDS = 3
DEADLINE_MS = 250


def clock_library(folder):
    """Compiles the library that moves the wall clock."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise DidNotStart("there is no C compiler for clock.c")
    library = folder / "clock.so"
    source = pathlib.Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


class Replica:
    """A `semcached serve` on a port of its own."""

    def __init__(self, scope, place, binary, redis_url, model, library, index):
        self.name, self.place = f"replica-{place}", place
        self.port = free_ports(1)[0]
        self.clock = scope.path / f"{self.name}.clock"
        self.move_clock(0)
        keys = scope.path / "keys.yaml"
        digest = hashlib.sha256(KEY.encode()).hexdigest()
        keys.write_text(f'keys:\n  - {{ id: faults, sha256: "{digest}", scopes: [read, write, admin], namespaces: ["*"] }}\n')
        configuration = scope.path / f"{self.name}.yaml"
        configuration.write_text(
            f"redis: {{ url: '{redis_url}' }}\nauth: {{ keys_file: '{keys}' }}\nembedder: {{ model_dir: '{model}' }}\n"
            f"lease: {{ seconds: {LEASE_SECONDS}, ticket_seconds: 7200 }}\nttl: {{ default: 86400 }}\n"
            f"semantic: {{ index: {index} }}\n"
            f"lookup: {{ deadline_ms: {DEADLINE_MS} }}\n"
            f"namespaces: {{ {EXACT_ONLY}: {{ semantic: {{ enabled: false }} }} }}\n"
        )
        command = [binary, "serve", "--host", "127.0.0.1", "--port", self.port, "--config", configuration]
        environment = {"LD_PRELOAD": str(library), "FAULTS_CLOCK": str(self.clock)}
        self.program = scope.program(self.name, command, environment)

    def move_clock(self, seconds):
        """By how many seconds its wall clock is wrong from now on."""
        mode = "r+b" if self.clock.exists() else "wb"
        with open(self.clock, mode) as file:
            file.write(struct.pack("=q", seconds))

    def start(self):
        """Starts it and waits until it listens."""
        self.program.start()
        self.wait("/healthz")

    def wait(self, path, bound=60):
        try:
            wait_until(lambda: self.says_yes(path) or self.has_ended(), f"{self.name} answers {path}", bound)
        except DidNotStart as failure:
            raise DidNotStart(f"{failure}\n{self.log_tail()}") from None

    def has_ended(self):
        if not self.program.is_running:
            raise DidNotStart(f"{self.name} ended with status {self.program.process.returncode}\n{self.log_tail()}")
        return False

    def says_yes(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as response:
                return response.status == 200
        except (OSError, urllib.error.HTTPError):
            return False

    def log_tail(self):
        return self.program.log.read_text(errors="replace")[-2000:]
