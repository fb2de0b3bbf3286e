"""A stop always arrives, also where Python throws exceptions away."""

from __future__ import annotations

import signal
import sys
import threading
import time
import weakref

import click
import pytest

from roas.cli import main as command_line
from roas.cli.stopping import stoppable
from roas.errors import InputError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


class Thing:
    """Something a weak reference can watch."""


def work(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_inside_a_weak_reference_callback_still_stops_the_run(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    thing = Thing()
    _watch = weakref.ref(thing, lambda _: signal.raise_signal(number))
    with pytest.raises(KeyboardInterrupt), stoppable() as stop:
        del thing
        assert stop.asked, "the signal came, and its exception was thrown away"
        work(10)
    assert "Traceback" not in capfd.readouterr().err


def test_other_lost_exceptions_are_still_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: seen.append(lost.exc_type))
    thing = Thing()
    _watch = weakref.ref(thing, lambda _: 1 / 0)
    with stoppable():
        del thing
    assert seen == [ZeroDivisionError]


def test_a_run_that_ends_before_the_second_asking_is_not_stopped() -> None:
    thing = Thing()
    _watch = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    with stoppable():
        del thing
    work(0.1)


def test_the_callers_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.unraisablehook
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) is not before[1]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.unraisablehook) == before


def test_outside_the_main_thread_nothing_is_received() -> None:
    asked: list[bool] = []

    def run() -> None:
        with stoppable() as stop:
            asked.append(stop.asked)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert asked == [False]


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), InputError("a.csv cannot be read.")])
def test_a_stop_that_a_library_words_as_an_error_is_a_stop(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def interrupted() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise error from None

    monkeypatch.setattr(command_line, "cli", interrupted)
    assert command_line.main([]) == 130
    assert capfd.readouterr().err == "Interrupted; nothing was left half-written.\n"
