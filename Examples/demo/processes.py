"""Starts what the demo needs on free ports and stops every process that it started, by its pid."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

START_BOUND = 30.0


class DidNotStart(Exception):
    pass


def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def wait_until(condition, what, process=None, bound=START_BOUND):
    deadline = time.monotonic() + bound
    while not condition():
        if process is not None and process.poll() is not None:
            raise DidNotStart(f"{what}: the process ended with status {process.returncode}")
        if time.monotonic() > deadline:
            raise DidNotStart(f"{what}: not within {bound:.0f} seconds")
        time.sleep(0.02)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return response.status == 200
    except (OSError, urllib.error.HTTPError):
        return False


class Processes:
    """A scope: everything started in it is stopped at its end, in the reverse order, also on Ctrl-C or SIGTERM."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="semcached-")
        self.path = pathlib.Path(self.folder.name)
        self.running = []
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            self.stop(process)
        self.folder.cleanup()

    def stop(self, process):
        """Ends one process now; it gets 15 seconds to end by itself."""
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.running = [other for other in self.running if other is not process]

    def start(self, name, command, **options):
        """Starts a process in a session of its own, so that Ctrl-C ends it through here alone; its log is NAME.log."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("SEMCACHED_", "OPENAI_"))}
        with open(self.path / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stderr=log,
                stdout=options.pop("stdout", log),
                env=environment,
                start_new_session=True,
                **options,
            )
        self.running.append(process)
        return process

    def log_of(self, name):
        return (self.path / f"{name}.log").read_text(errors="replace")

    def redis(self, name="redis", port=0, maxmemory="256mb", arguments=()):
        """A private Redis on a Unix socket, and on a loopback port if one is given; returns its process and URL."""
        path = self.path / f"{name}.sock"
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--unixsocket", str(path)]
        command += ["--save", "", "--dir", str(self.path), "--maxmemory", maxmemory]
        process = self.start(name, [*command, "--maxmemory-policy", "volatile-lfu", *arguments])

        def pong():
            with socket.socket(socket.AF_UNIX) as connection:
                try:
                    connection.connect(str(path))
                    connection.sendall(b"PING\r\n")
                    return connection.recv(16) == b"+PONG\r\n"
                except OSError:
                    return False

        wait_until(pong, name, process)
        return process, f"redis://127.0.0.1:{port}" if port else f"unix://{path}"

    def semcached(self, name, binary, configuration):
        """A replica with this configuration file; returns its process and URL."""
        port = free_port()
        command = [str(binary), "serve", "--host", "127.0.0.1", "--port", str(port), "--config", str(configuration)]
        process = self.start(name, command)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: answers(f"{url}/readyz"), name, process)
        except DidNotStart as failure:
            raise DidNotStart(f"{failure}\n{self.log_of(name)[-2000:]}") from None
        return process, url

    def python(self, name, script, *arguments):
        """A Python server that prints the address it took; returns the URL."""
        process = self.start(name, [sys.executable, str(script), "--port", "0", *arguments], stdout=subprocess.PIPE)
        line = process.stdout.readline().decode()
        found = re.search(r"http://\S+", line)
        if not found:
            raise DidNotStart(f"{name}: {self.log_of(name)[-2000:]}")
        return found.group()
