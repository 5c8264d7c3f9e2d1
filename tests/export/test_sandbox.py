"""What a closed-in process can still do, asked from inside it; the child does its worst and reports."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from export import sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's Landlock and seccomp")
ROOT = Path(__file__).resolve().parents[2]

INSIDE = """
import ctypes, json, os, resource, signal, socket, subprocess, sys
from dataclasses import replace
from pathlib import Path
from export import sandbox

given = json.loads(sys.argv[1])
if given["enter"]:
    base = sandbox.system_rights()
    rights = replace(base, read=(*base.read, Path(given["source"])), write=(Path(given["work"]),))
    state = sandbox.enter(rights)
    told = {"files": state.files, "network": state.network, "notes": state.notes}
else:
    told = {}

def attempt(name, work):
    try:
        told[name] = repr(work())
    except OSError as error:
        told[name] = type(error).__name__ + ":" + str(error.errno)
    except subprocess.SubprocessError as error:
        told[name] = type(error).__name__

def connect():
    with socket.socket() as one:
        one.connect(("127.0.0.1", given["port"]))

def unix():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(given["unix"])

attempt("read the source", lambda: Path(given["source"]).read_text())
attempt("write the work", lambda: (Path(given["work"]) / "made").write_text("x"))
attempt("rename the work", lambda: (Path(given["work"]) / "made").rename(Path(given["work"]) / "renamed"))
attempt("import late", lambda: __import__("export.adapters.base").__name__)
attempt("numpy", lambda: int(__import__("numpy").arange(4).sum()))
attempt("read a secret", lambda: Path(given["secret"]).read_text())
attempt("list the home", lambda: os.listdir(Path(given["secret"]).parent))
attempt("write elsewhere", lambda: Path(given["elsewhere"]).write_text("x"))
attempt("change the source", lambda: Path(given["source"]).write_text("x"))
attempt("remove the secret", lambda: os.unlink(given["secret"]))
attempt("link out", lambda: os.symlink(given["secret"], given["work"] + "/link"))
attempt("read the passwords", lambda: Path("/etc/passwd").read_text()[:5])
attempt("connect", connect)
attempt("unix socket", unix)
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt("run a shell", lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True))
attempt("signal the parent", lambda: os.kill(os.getppid(), 0))
attempt("core", lambda: resource.getrlimit(resource.RLIMIT_CORE)[0])
attempt("privileges", lambda: ctypes.CDLL(None).prctl(39, 0, 0, 0, 0))
if given["enter"] and not given.get("grandchild"):
    words = [sys.executable, "-c", given["code"], json.dumps({**given, "enter": False, "grandchild": True})]
    answer = subprocess.run(words, capture_output=True, text=True)
    told["grandchild"] = json.loads(answer.stdout) if answer.returncode == 0 else answer.stderr
print(json.dumps(told))
"""

DENIED = {"read a secret", "list the home", "write elsewhere", "change the source", "remove the secret", "link out",
          "read the passwords", "connect", "unix socket", "udp", "run a shell"}


def ask(tmp_path: Path, *, enter: bool) -> dict[str, Any]:
    """The answers of a child that was closed in, or was not."""
    home, work, unix = tmp_path / "home", tmp_path / "work", tmp_path / "bus"
    for folder in (home, work):
        folder.mkdir()
    source, secret = home / "model.pt", home / "letters" / "secret.txt"
    secret.parent.mkdir()
    source.write_text("weights")
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(unix))
        bus.listen()
        given = {"enter": enter, "source": str(source), "work": str(work), "secret": str(secret), "unix": str(unix),
                 "elsewhere": str(tmp_path / "elsewhere"), "port": tcp.getsockname()[1], "code": INSIDE}
        answer = subprocess.run([sys.executable, "-c", INSIDE, json.dumps(given)], capture_output=True, text=True,
                                check=False, cwd=ROOT, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    told = ask(tmp_path_factory.mktemp("closed"), enter=True)
    if not told["files"]:
        pytest.skip("this kernel has no Landlock")
    return told


def test_its_work_goes_on(inside: dict[str, Any]):
    assert inside["network"]
    assert inside["read the source"] == "'weights'"
    assert inside["write the work"] == "1"
    assert "renamed" in inside["rename the work"]
    assert inside["import late"] == "'export'"
    assert inside["numpy"] == "6"
    assert inside["core"] == "0"
    assert inside["privileges"] == "1"
    assert "confined by the system" in inside["notes"][0]


@pytest.mark.parametrize("deed", sorted(DENIED))
def test_it_cannot(inside: dict[str, Any], deed: str):
    assert inside[deed].startswith("PermissionError"), inside[deed]


@pytest.mark.parametrize("deed", sorted(DENIED))
def test_nor_can_what_it_starts(inside: dict[str, Any], deed: str):
    assert inside["grandchild"][deed].startswith("PermissionError"), inside["grandchild"][deed]


def test_outside_all_of_it_is_possible(tmp_path: Path):
    told = ask(tmp_path, enter=False)
    assert not [deed for deed in DENIED if told[deed].startswith("PermissionError")]


def test_a_cap_on_memory_holds(tmp_path: Path):
    code = ("from export import sandbox\nsandbox.enter(sandbox.system_rights(), memory=600 << 20)\n"
            "try:\n    bytearray(700 << 20)\nexcept MemoryError:\n    print('refused')\n")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
                            env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60)
    assert answer.stdout == "refused\n"


@pytest.mark.parametrize(("files", "network", "words"), [
    (True, False, "cannot take the network"), (False, True, "Landlock is missing"), (False, False, "cannot confine"),
])
def test_what_is_not_enforced_is_said(files: bool, network: bool, words: str):
    assert words in sandbox._words(files=files, network=network)
