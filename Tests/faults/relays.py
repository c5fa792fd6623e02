"""The driver's side of the relays of proxy.py."""

import json
import pathlib
import subprocess
import sys
import threading


class Relays:
    """Relays in a process of their own, ended with this scope."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(pathlib.Path(__file__).with_name("proxy.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.lock = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, **command):
        with self.lock:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def listen(self, name, port):
        """The port of a new relay to a server's port."""
        return self.ask(listen=name, to=port)["port"]

    def fault(self, name, kind, value=0):
        """What is wrong with a relay from now on."""
        self.ask(fault=name, kind=kind, value=value)

    def counts(self):
        return self.ask(count=True)
