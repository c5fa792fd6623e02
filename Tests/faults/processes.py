"""Processes of a run: started with a log each, ended by their pids, all of them at the end of the scope."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

START_BOUND = 30.0


class DidNotStart(Exception):
    """A part of the run is not there."""


def free_ports(count):
    """Ports of 127.0.0.1 that were free, all different; below those that the system gives to outgoing connections."""
    sockets, ports = [], []
    try:
        while len(ports) < count:
            unused = socket.socket()
            unused.bind(("127.0.0.1", 0))
            sockets.append(unused)
            ports.append(unused.getsockname()[1])
    finally:
        for unused in sockets:
            unused.close()
    return ports


def is_free(port):
    """Whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def wait_until(condition, what, bound=START_BOUND, pause=0.03):
    """Waits for a condition, which may raise OSError meanwhile; tells how long it took."""
    began = time.monotonic()
    while True:
        try:
            if condition():
                return time.monotonic() - began
        except OSError:
            pass
        if time.monotonic() - began > bound:
            raise DidNotStart(f"{what}: not within {bound:.0f} seconds")
        time.sleep(pause)


class Program:
    """A program that is started, killed, stopped, continued and started again with the same arguments."""

    def __init__(self, folder, name, command, environment=None, port=None):
        self.port = port
        self.name, self.command, self.environment = name, [str(word) for word in command], environment or {}
        self.log = folder / f"{name}.log"
        self.process = None
        self.is_stopped = False

    def start(self):
        if self.port is not None:
            # A child that writes a file for a server that was killed holds its port a little longer.
            wait_until(lambda: is_free(self.port), f"the port of {self.name} is free")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SEMCACHED_", "OPENAI_"))}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=inherited | self.environment,
                start_new_session=True,
            )
        self.is_stopped = False

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9, and waits for the end."""
        if self.is_running:
            self.process.kill()
            self.process.wait()
        self.is_stopped = False

    def stop(self):
        """SIGSTOP: nothing moves in it, its sockets stay open."""
        self.process.send_signal(signal.SIGSTOP)
        self.is_stopped = True

    def go_on(self):
        """SIGCONT."""
        if self.is_running:
            self.process.send_signal(signal.SIGCONT)
        self.is_stopped = False

    def end(self, bound=20):
        """SIGTERM, and the status that it ended with; None if it had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(bound)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Scope:
    """A temporary folder and the programs that run in it."""

    def __init__(self, prefix):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
        self.programs = []
        self.is_kept = False

    def __enter__(self):
        return self

    def program(self, name, command, environment=None, port=None):
        program = Program(self.path, name, command, environment, port)
        self.programs.append(program)
        return program

    def __exit__(self, *_):
        for program in reversed(self.programs):
            program.kill()
        if not self.is_kept:
            shutil.rmtree(self.path, ignore_errors=True)
