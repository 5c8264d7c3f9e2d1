"""`atelier doctor`: what this machine can do, asked of the things themselves - and what to do where they cannot."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from engine import paths
from engine.api import Device
from engine.cli.arguments import Parser, verb_parser
from engine.cli.console import Console, table
from engine.cli.libraries import DEBIAN, X11, missing, qt_installed
from engine.cli.runtimes import clash
from engine.cli.trials import Trial, devices, trial
from engine.cli.versions import versions
from engine.errors import AtelierError, ExitCode
from engine.packages.shelf import ShelfEntry, default_shelf

EXAMPLES = """\
  atelier doctor
  atelier doctor --json > report.json     attach this to a report

exit codes: 0 all is well, 1 something needs care, 3 no model can run"""


def parser() -> Parser:
    """The arguments."""
    return verb_parser("doctor", "Check devices, versions, folders and libraries; each device renders a test picture.",
                       EXAMPLES)


def run(given: argparse.Namespace, console: Console) -> int:  # noqa: ARG001 - the verb takes no options of its own
    """Print the findings; 0 when all is well, 3 when no model can run, 1 when something else needs care."""
    broken = clash()
    care = []
    found = versions()
    console.lines(["Versions", *_indented((name, text or "not installed") for name, text in found.items())])
    folders = _folders()
    console.lines(["", "Folders", *_indented((row["what"], row["folder"], row["state"]) for row in folders)])
    care += [f"{row['folder']} is not writable. Make it writable, or set {paths.HOME_VARIABLE} to another folder."
             for row in folders if row["state"] == "not writable"]
    entries = default_shelf().packages()
    console.lines(["", "Models", *_indented(_model_row(entry) for entry in entries)])
    care += [f"{entry.folder}: {entry.problem.sentence()}" for entry in entries if entry.problem]
    console.lines(["", "Window"])
    window, window_care = _window()
    console.lines(_indented(window))
    care += window_care
    trials, failures = _devices(entries, console)
    broken += failures
    care = broken + care
    console.lines(["", "Needs care:" if care else "All is well."])
    for sentence in care:
        console.line(f"  {sentence}")
    console.document({"versions": found, "folders": folders, "window": dict(window), "care": care,
                      "models": [{"id": entry.id, "version": entry.version, "digest": entry.digest,
                                  "problem": entry.problem.sentence() if entry.problem else None} for entry in entries],
                      "devices": [one.document() for one in trials]})
    if broken:
        return int(ExitCode.ENGINE_FAILURE)
    return int(ExitCode.SOME_ROWS_FAILED if care else ExitCode.DONE)


def _folders() -> list[dict[str, str]]:
    """Where things lie and whether they can be written."""
    places = [("program data", paths.resources_folder(), False), ("models", paths.models_folder(), True),
              ("settings", paths.config_folder(), True), ("cache", paths.cache_folder(), True),
              ("logs", paths.state_folder(), True)]
    return [{"what": what, "folder": str(folder), "state": _state(folder, write=write)}
            for what, folder, write in places]


def _state(folder: Path, *, write: bool) -> str:
    """Whether the folder, or the nearest parent that exists, takes files."""
    if not write:
        return "found" if folder.is_dir() else "missing"
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if not os.access(nearest, os.W_OK) or not nearest.is_dir():
        return "not writable"
    return "writable" if folder.exists() else "not made yet"


def _model_row(entry: ShelfEntry) -> tuple[str, str, str]:
    return (entry.id, entry.version, "unusable" if entry.problem else entry.digest)


def _window() -> tuple[list[tuple[str, str]], list[str]]:
    """Whether the studio's window can open: rows, and sentences for what is missing."""
    if not qt_installed():
        sentence = ("The studio's window needs PySide6. Install it with `pip install PySide6-Essentials`; "
                    "the command line works without.")
        return [("PySide6", "not installed")], [sentence]
    rows, care = [("PySide6", "installed")], []
    absent = missing(DEBIAN)
    if os.environ.get("DISPLAY"):
        absent |= missing(X11)
    for name, package in absent.items():
        rows.append((name, f"missing (Debian package {package})"))
    if absent:
        care.append(f"The window needs system libraries: install them with `apt install {' '.join(absent.values())}`.")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        rows.append(("display", "none: the window cannot open here, the command line can"))
    return rows, care


def _devices(entries: list[ShelfEntry], console: Console) -> tuple[list[Trial], list[str]]:
    """Every provider asked, every one that answers put to work with the first sound model."""
    console.lines(["", "Devices"])
    try:
        told, used = devices()
    except AtelierError as error:
        console.line(f"  the engine does not start: {error}")
        return [], [str(error)]
    sound = sorted((entry for entry in entries if entry.problem is None), key=lambda entry: not entry.bundled)
    trials = [trial(device, [entry.folder for entry in sound]) for device in told]
    rows = [("ASKED FOR", "RUNS ON", "NAME", "TEST RENDER")]
    console.lines(_indented([*rows, *(one.row() for one in trials)]))
    for one in trials:
        if one.why:
            console.line(f"    {one.device.requested}: {one.why}")
    if used is not None:
        console.line(f"  in use unless asked otherwise: {used.name}. {used.why}".rstrip())
    return trials, _device_care([one.device for one in trials], trials)


def _device_care(told: list[Device], trials: list[Trial]) -> list[str]:
    """What is wrong when nothing renders, or when a device answers and then fails."""
    broken = [f"{one.device.name} answers but does not render: {one.why}" for one in trials if one.failed]
    return broken if told else ["No device answers. Install one ONNX Runtime: `pip install -e '.[cpu]'`."]


def _indented(rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"  {line}" for line in table(list(rows))]
