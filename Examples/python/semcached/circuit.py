"""Keeps calls away from a server that does not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Circuit:
    """After a failure no call is let through for `cool_down` seconds, then one, whose end decides for the others.

    Safe to share between threads.
    """

    def __init__(self, cool_down: float, clock: Callable[[], float] = time.monotonic):
        self._cool_down = cool_down
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_until: float | None = None

    def admits(self) -> bool:
        if self._closed_until is None:
            return True
        with self._lock:
            now = self._clock()
            if self._closed_until is not None and now < self._closed_until:
                return False
            # This caller finds out; the others wait another cool-down unless it has found out by then.
            self._closed_until = now + self._cool_down
            return True

    def succeeded(self) -> None:
        if self._closed_until is not None:
            with self._lock:
                self._closed_until = None

    def failed(self) -> bool:
        """Returns whether this is news: the call before went well."""
        with self._lock:
            is_news = self._closed_until is None
            self._closed_until = self._clock() + self._cool_down
            return is_news
