"""Ctrl-C and a polite kill: one way out, wherever in the code they strike."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: Seconds until a stop that Python threw away is asked for again: long enough
#: for the callback that met it to return, too short for a person to notice.
AGAIN = 0.01


class Stop:
    """Whether somebody asked this run to stop."""

    def __init__(self) -> None:
        self.asked = False
        self._again: threading.Timer | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Receive the signal."""
        self.asked = True
        raise KeyboardInterrupt

    def ask_again(self) -> None:
        """Raise once more, a moment from now."""
        self._again = threading.Timer(AGAIN, _thread.interrupt_main)
        self._again.start()

    def over(self) -> None:
        """Take back what is still to come: the run has ended."""
        if self._again is not None:
            self._again.cancel()


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn SIGINT and SIGTERM into one KeyboardInterrupt that always arrives.

    Python throws an exception away when it is raised while a weak reference
    is cleared or an object is deleted, and prints a traceback instead: the
    stop would be lost and the run would go on. Here it is asked for again.
    Outside the main thread signals cannot be received, and nothing changes.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    hook = sys.unraisablehook

    def thrown_away(lost: Any) -> None:
        if lost.exc_type is KeyboardInterrupt:
            stop.ask_again()
        else:
            hook(lost)

    sys.unraisablehook = thrown_away
    try:
        yield stop
    finally:
        stop.over()
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
