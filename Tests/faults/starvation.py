"""How long a process' event loops waited for a core: what the machine cost, not the program."""

import pathlib
import time

PAUSE = 0.05
# What Linux keeps of a thread's name.
LOOPS = "NIO-ELT"


class Starvation:
    """Samples of how long each event loop of a process was runnable and did not run."""

    def __init__(self):
        self.samples = []
        self.threads, self.process, self.before = [], None, {}

    def sample(self, process):
        """Takes a sample; `process` is its number, another one after a restart."""
        if process != self.process or not self.threads:
            self.process, self.before = process, {}
            self.threads = list(self.loops(process))
        now, worst = time.monotonic(), 0.0
        for path in self.threads:
            try:
                waited = int(path.read_text().split()[1]) / 1e9
            except (OSError, IndexError, ValueError):
                self.threads = []
                return
            worst = max(worst, waited - self.before.get(path, waited))
            self.before[path] = waited
        if worst > 0.002:
            self.samples.append((now, worst))

    @staticmethod
    def loops(process):
        try:
            for task in pathlib.Path(f"/proc/{process}/task").iterdir():
                if (task / "comm").read_text().startswith(LOOPS):
                    yield task / "schedstat"
        except OSError:
            return

    def between(self, start, end):
        """Seconds that were waited in that time, and right before and after it."""
        total = 0.0
        for time_, waited in reversed(self.samples):
            if time_ < start - PAUSE:
                break
            if time_ - waited - 3 * PAUSE <= end:
                total += waited
        return total
