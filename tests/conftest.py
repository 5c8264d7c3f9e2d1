"""The rules every test lives under: offscreen, offline, in a home of its own, and in silence.

A log record of WARNING or above fails the test that caused it unless the test says `@pytest.mark.expects_log(pattern)`;
Qt's own messages fail it through pytest-qt (`qt_log_level_fail` in pyproject.toml); Python warnings are errors. What
these guards catch is itself tested in `tests/test_guards.py`.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

# Before anything imports Qt: no window system is needed, and the machine's scale factors do not change a picture.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)
os.environ.pop("QT_STYLE_OVERRIDE", None)

# transformers and diffusers pass their own log records on only where this is set: a build server must see what we see.
os.environ.pop("CI", None)

# The programs that tests start would compile all our sources anew each time: a second instead of a third of one.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# PyTorch's threads spin while they wait: on tiny networks they cost twice the time they save, more where workers meet.
os.environ["OMP_NUM_THREADS"] = "1"

# A shell that starts us in the background has Ctrl+C ignored, and children would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHOWN_VERSIONS = ("numpy", "onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "PySide6-Essentials",
                  "pillow", "torch")


def pytest_report_header() -> list[str]:
    """The versions a failure depends on, and what ONNX Runtime offers here."""
    versions = []
    for name in SHOWN_VERSIONS:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ["latent atelier: " + ", ".join(versions), f"onnxruntime providers: {_providers()}"]


def _providers() -> str:
    """Asked in a process of its own: torch tests must not find ONNX Runtime already loaded beside them."""
    question = "import onnxruntime; print(', '.join(onnxruntime.get_available_providers()))"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False, timeout=60)
    return answer.stdout.strip() or "none (install one of the extras cpu, cuda, cuda12, directml)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, with a reason that is printed, what this environment or this call does not ask for."""
    without_torch = pytest.mark.skip(reason="torch is not installed (extra: export or train)")
    without_build = pytest.mark.skip(reason="builds the distributable: a step of its own, pytest -m packaged")
    has_torch = importlib.util.find_spec("torch") is not None
    for item in items:
        if "torch" in item.keywords and not has_torch:
            item.add_marker(without_torch)
        if item.get_closest_marker("packaged") and "packaged" not in (config.option.markexpr or ""):
            item.add_marker(without_build)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user folder of its own for every test, so that no test reads or changes a person's settings or models."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the network: only sockets inside this machine's own file system connect."""

    def refuse(self: socket.socket, address: Any, *_: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            pytest.fail(f"a test reached for the network: {address}")
        connect(self, address)

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # port 9: nobody answers, in children neither


class _Listener(logging.Handler):
    """Collects what was logged at WARNING or above while one test ran."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record; the verdict comes when the test is over."""
        self.records.append(record)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Silence is required: an undeclared record fails the test, and so does a declared one that never came."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(listener)
    patterns = [str(marker.args[0]) for marker in item.iter_markers("expects_log")]
    complaint = _complaint([record.getMessage() for record in listener.records], patterns)
    if complaint:
        pytest.fail(complaint, pytrace=False)
    return result


def _complaint(messages: list[str], patterns: list[str]) -> str:
    """What was logged without being declared, and what was declared without being logged; empty when all is well."""
    loud = [text for text in messages if not any(re.search(pattern, text) for pattern in patterns)]
    missing = [pattern for pattern in patterns if not any(re.search(pattern, text) for text in messages)]
    lines = [f"unexpected log record: {text}" for text in loud]
    lines += [f"expected log record never came: {pattern}" for pattern in missing]
    return "\n".join(lines)


@pytest.fixture(autouse=True)
def no_orphans() -> Iterator[None]:
    """No test leaves a child process behind (Linux tells; elsewhere the check is silent)."""
    before = _children()
    yield
    left = _children() - before
    for child in left:
        os.kill(int(child.split()[0]), getattr(signal, "SIGKILL", signal.SIGTERM))  # or the next tests meet it
    if left:
        pytest.fail(f"child processes left running: {sorted(left)}")


def _children() -> set[str]:
    """The live children of this process as `pid command`, zombies left out; empty where there is no /proc."""
    found = set()
    for pid in os.listdir("/proc") if os.path.isdir("/proc") else ():  # noqa: PTH112, PTH208  twice a test: plain calls
        if not pid.isdecimal():
            continue
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()  # state, parent, ...
        if len(fields) > 1 and fields[1] == str(os.getpid()) and fields[0] != "Z":
            found.add(f"{pid} {_read(f'/proc/{pid}/cmdline').replace(chr(0), ' ').strip()[:120]}")
    return found


def _read(path: str) -> str:
    """A file's text, or nothing when the process it tells of has just ended."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123  /proc entries, one syscall
            return file.read()
    except OSError:
        return ""
