"""The parent's end with scripted children: whatever they do, exactly one final event comes, and nothing stays."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import Problem
from engine.converting.client import Conversion
from engine.converting.interpreter import Converter
from engine.converting.listening import Patience
from engine.converting.messages import (
    Converted,
    ConvertRequest,
    Event,
    Failed,
    Inspected,
    Inspection,
    Noted,
    Told,
)
from engine.packages.shelf import Shelf
from tests import fakes

BEGIN = """
import json, os, signal, subprocess, sys, time
from pathlib import Path
request = json.loads(sys.stdin.readline())["data"]
work = Path(sys.argv[sys.argv.index("--work") + 1]) if "--work" in sys.argv else None
def say(kind, **data):
    print(json.dumps({"kind": kind, "data": data}), flush=True)
"""
PACKS = """
sys.path.insert(0, os.environ["PYTHONPATH"])
from tests import fakes
folders = {}
for name in request["precisions"]:
    folders[name] = str(fakes.tiny_color(work / ("package-" + name), id="tiny-" + name))
(work / "report.html").write_text("<p>yes</p>")
(work / "report.json").write_text("{}")
say("Told", step="pack", fraction=0.9, words="Packing")
say("Converted", folder=folders[request["precisions"][0]], folders=folders, id="tiny", family="decoder", runs=True,
    report_html=str(work / "report.html"), report_json=str(work / "report.json"))
"""


class Script:
    """A converter whose child is a few lines of Python."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "model.pt"
        self.source.write_bytes(b"\x80\x02weights")
        self.shelf = Shelf((folder / "shelf",))
        self.events: list[Event] = []
        self.target = folder / "out" / "package"
        self.target.parent.mkdir()

    def conversion(self, code: str, patience: Patience | None = None) -> Conversion:
        """A Conversion over that child."""
        command = (sys.executable, "-c", BEGIN + code)
        return Conversion(Converter(command, command), patience, self.shelf)

    def request(self, **changes: object) -> ConvertRequest:
        """Convert the model to the target."""
        words = {"target": str(self.target), "license": "unknown", **changes}
        return ConvertRequest(str(self.source), **words)  # type: ignore[arg-type]

    def run(self, code: str, patience: Patience | None = None, **changes: object) -> Event:
        """The final event of a conversion."""
        conversion = self.conversion(code, patience)
        conversion.start(self.request(**changes), self.events.append)
        assert conversion.join(30)
        return self.final()

    def final(self) -> Event:
        """The last event, which must be the only final one."""
        assert [type(event) for event in self.events[:-1]] == [
            type(event) for event in self.events[:-1] if isinstance(event, Told | Noted)]
        return self.events[-1]

    def left(self) -> list[str]:
        """What lies in the target's folder."""
        return sorted(path.name for path in self.target.parent.iterdir())


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


def test_a_package_lands_with_its_reports(script: Script):
    event = script.run(PACKS)
    assert isinstance(event, Converted), event
    assert event.folder == str(script.target)
    assert script.left() == ["package", "package.report.html", "package.report.json"]
    assert Path(event.report_html).read_text() == "<p>yes</p>"
    assert [told.words for told in script.events if isinstance(told, Told)] == ["Packing"]


def test_several_precisions_land_side_by_side(script: Script):
    event = script.run(PACKS, precisions=("fp16", "fp32"), report=str(script.target.parent / "proof.html"))
    assert isinstance(event, Converted), event
    assert event.folders == {"fp16": str(script.target), "fp32": f"{script.target}-fp32"}
    assert script.left() == ["package", "package-fp32", "proof.html", "proof.json"]


def test_without_a_target_the_package_goes_onto_the_shelf(script: Script, home: Path):
    event = script.run(PACKS, target="")
    assert isinstance(event, Converted), event
    assert [entry.id for entry in script.shelf.packages()] == ["tiny-fp32"]
    assert Path(event.folder).parent == script.shelf.folders[-1]
    assert Path(event.report_json).parent == home / "data" / "reports"
    assert script.left() == []
    assert not list((home / "cache").rglob("*.onnx"))


@pytest.mark.parametrize("name", ["package", "package-fp32"])
def test_a_target_that_exists_is_never_touched(script: Script, name: str):
    place = script.target.with_name(name)
    place.mkdir()
    event = script.run(PACKS, precisions=("fp16", "fp32"))
    assert isinstance(event, Failed)
    assert "already exists" in event.problem.what
    assert script.left() == [name]


OUTSIDE = """
bad = str(work.parent.parent / "elsewhere")
Path(bad).mkdir()
say("Converted", folder=bad, folders={"fp32": bad}, id="x", family="decoder", runs=True)
"""
LINKED = """
(work / "r").symlink_to(work.parent.parent / "model.pt")
say("Failed", problem={"code": "x", "what": "x"}, report_html=str(work / "r"))
"""
EMPTY = """
(work / "p").mkdir()
say("Converted", folder=str(work / "p"), folders={"fp32": str(work / "p")}, id="x", family="decoder", runs=True)
"""
KILLED = """
say("Told", step="trace", fraction=0.3, words="Tracing: decoder")
os.kill(os.getpid(), signal.SIGKILL)
"""
FLOOD = "say('Told', step='trace', fraction=0.3, words='x' * 5000000); time.sleep(60)"


@pytest.mark.parametrize(("code", "words"), [
    ("os.kill(os.getpid(), signal.SIGSEGV)", "was stopped by SIGSEGV"),
    (KILLED, "because memory ran out.* while it was at “Tracing: decoder”"),
    ("raise KeyError('weight')", "Internal error in the converter.*KeyError"),
    ("raise MemoryError", "not enough memory"), ("sys.exit(7)", "ended with exit code 7"),
    ("print('hello', flush=True); time.sleep(60)", "something unreadable"), (FLOOD, "something unreadable"),
    (OUTSIDE, "outside"), (LINKED, "outside"), (EMPTY, "no manifest.json"),
])
def test_a_child_that_fails_is_told_in_a_sentence_and_leaves_nothing(script: Script, code: str, words: str):
    event = script.run(code)
    assert isinstance(event, Failed), event
    assert re.search(words, event.problem.sentence()), event.problem.sentence()
    assert script.left() == []


def test_a_silent_child_is_ended(script: Script):
    event = script.run("say('Told', step='build', fraction=0.1, words='Building'); time.sleep(60)",
                       Patience(silence=0.4))
    assert isinstance(event, Failed)
    assert "no sign of life" in event.problem.what
    assert "Building" in event.problem.what
    assert script.left() == []


def test_signs_of_life_keep_it_alive(script: Script):
    beats = "for k in range(20):\n    say('Told', step='build', fraction=0.1, words='Building'); time.sleep(0.2)\n"
    event = script.run(beats + "say('Failed', problem={'code': 'mine', 'what': 'No.'})", Patience(silence=3))
    assert isinstance(event, Failed)
    assert event.problem.code == "mine"


def test_an_inspection_that_takes_for_ever_is_ended(script: Script):
    conversion = script.conversion("while True:\n    say('Noted', words='on'); time.sleep(0.05)\n",
                                   Patience(inspection=0.4))
    conversion.inspect(script.source, script.events.append)
    assert conversion.join(20)
    assert isinstance(script.events[-1], Failed)
    assert "took longer" in script.events[-1].problem.what


WAITS = """
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
(work / "half").write_text("half")
say("Noted", words=str(grandchild.pid))
time.sleep(300)
"""


@pytest.mark.parametrize("stubborn", [False, True])
@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_cancel_ends_the_whole_group_and_leaves_nothing(script: Script, stubborn: bool):
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if stubborn else ""
    conversion = script.conversion(deaf + WAITS)
    conversion.start(script.request(), script.events.append)
    wait_for(lambda: bool(script.events))
    noted = script.events[0]
    assert isinstance(noted, Noted)
    conversion.cancel()
    assert conversion.join(20)
    final = script.final()
    assert isinstance(final, Failed)
    assert final.problem.code == "cancelled"
    assert script.left() == []
    wait_for(lambda: not running(int(noted.words)))


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_what_a_dead_child_started_is_ended_too(script: Script):
    event = script.run(WAITS.removesuffix("time.sleep(300)\n") + "os._exit(3)")
    assert isinstance(event, Failed)
    assert "exit code 3" in event.problem.what
    noted = next(one for one in script.events if isinstance(one, Noted))
    wait_for(lambda: not running(int(noted.words)))


def test_a_failed_proof_leaves_its_report_and_no_package(script: Script):
    event = script.run("(work / 'r.html').write_text('no'); (work / 'r.json').write_text('{}')\n"
                       "say('Failed', problem={'code': 'conversion', 'what': 'Not the same.'}, "
                       "report_html=str(work / 'r.html'), report_json=str(work / 'r.json'))")
    assert isinstance(event, Failed)
    assert event.problem.code == "conversion"
    assert script.left() == ["package.report.html", "package.report.json"]


def test_without_torch_the_file_is_looked_at_and_the_way_is_told(script: Script):
    missing = Problem("bundle", "No PyTorch here.", "Install it.", exit_code=2)
    code = ("say('Inspected', inspection={'path': 'x', 'kind': 'torch-zip', 'bytes': 1, 'title': 'DCGAN'})")
    command = (sys.executable, "-c", BEGIN + code)
    looking = Conversion(Converter(command, missing=missing))
    looking.inspect(script.source, script.events.append)
    assert looking.join(20)
    seen = script.events[-1]
    assert isinstance(seen, Inspected)
    assert seen.inspection.blocked == missing
    converting = Conversion(Converter(command, missing=missing))
    converting.start(script.request(), script.events.append)
    assert converting.join(20)
    assert script.events[-1] == Failed(Problem("bundle", "No PyTorch here.", "Install it.", str(script.source), 2))
    assert script.left() == []


def test_a_licence_is_required_before_anything_starts(script: Script):
    event = script.run("raise SystemExit(9)", license=" ")
    assert isinstance(event, Failed)
    assert "licence" in event.problem.what


def test_a_program_that_does_not_start_is_told(script: Script):
    lost = Conversion(Converter(("/nowhere/python",), ("/nowhere/python",)))
    lost.start(script.request(), script.events.append)
    assert lost.join(20)
    event = script.events[-1]
    assert isinstance(event, Failed)
    assert "could not be started" in event.problem.what
    assert script.left() == []


def test_one_object_does_one_piece_of_work(script: Script):
    conversion = script.conversion(PACKS)
    conversion.inspect(script.source, script.events.append)
    with pytest.raises(RuntimeError):
        conversion.start(script.request(), script.events.append)
    conversion.cancel()
    assert conversion.join(20)


def test_a_package_is_recognised_and_added(script: Script, tmp_path: Path):
    folder = fakes.tiny_color(tmp_path / "made")
    looking = Conversion(shelf=script.shelf)
    looking.inspect(folder, script.events.append)
    assert looking.join(20)
    seen = script.events[-1]
    assert isinstance(seen, Inspected)
    assert isinstance(seen.inspection, Inspection)
    assert (seen.inspection.kind, seen.inspection.title) == ("package", "Tiny colour")
    adding = Conversion(shelf=script.shelf)
    adding.start(ConvertRequest(str(folder)), script.events.append)
    assert adding.join(20)
    added = script.events[-1]
    assert isinstance(added, Converted)
    assert added.runs
    assert [entry.id for entry in script.shelf.packages()] == ["tiny-color"]


def running(pid: int) -> bool:
    """Whether a process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look until it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
