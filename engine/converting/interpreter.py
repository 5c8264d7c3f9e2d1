"""Where conversion can run: which Python has PyTorch, and how to get it where none has.

Looking at a checkpoint needs no PyTorch, so that a person is always told what a file is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine import paths, strictjson
from engine.api import Problem
from engine.converting.process import outside, without_ours

VARIABLE = "LATENT_ATELIER_EXPORT_PYTHON"
SETTING = "export_python"
"""The key in the person's settings.json."""

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("torch", "onnx", "onnxscript", "onnxruntime", "numpy", "msgspec", "platformdirs")
_MODULE = "export.child"
_PROBE_S = 20.0
_SETTINGS_BYTES = 1_000_000


@dataclass(frozen=True)
class Converter:
    """How to start the export child; without `convert` only inspections are possible, for the reason in `missing`."""

    inspect: tuple[str, ...]
    convert: tuple[str, ...] | None = None
    missing: Problem | None = None


def find_converter(environment: Mapping[str, str] | None = None) -> Converter:
    """The converter of this installation: a Python that the person named comes first, then the one that runs us."""
    variables = os.environ if environment is None else environment
    frozen = bool(getattr(sys, "frozen", False))
    mine = (sys.executable, "--export-child") if frozen else _command(sys.executable)
    named = variables.get(VARIABLE, "").strip() or _setting()
    if named:
        fault = _fault_of(Path(named).expanduser(), frozen=frozen)
        return Converter(mine, _command(named)) if fault is None else Converter(mine, missing=fault)
    if frozen:
        return Converter(mine, missing=_without(
            "This download cannot convert checkpoints: it comes without PyTorch.",
            f"Set up the source checkout with `pip install -e '.[cpu,export]'` in a Python of its own, then name that "
            f"Python in the settings or in {VARIABLE}."))
    lost = [name for name in NEEDED if find_spec(name) is None]
    if lost:
        return Converter(mine, missing=_without(
            f"Converting needs PyTorch and the rest of the export bundle; not installed here: {', '.join(lost)}.",
            f"Install it with `{sys.executable} -m pip install -e '.[cpu,export]'` in {ROOT}, or name a Python that "
            f"has it in the settings or in {VARIABLE}."))
    return Converter(mine, mine)


def _command(python: str) -> tuple[str, ...]:
    """How that Python runs the export child."""
    return (python, "-X", "utf8", "-m", _MODULE)


def _without(what: str, remedy: str) -> Problem:
    return Problem("bundle", what, remedy, exit_code=2)


def _setting() -> str:
    """The Python named in the settings, empty where there is none."""
    try:
        data = (paths.config_folder() / "settings.json").read_bytes()
        value = strictjson.parse_object(data, max_bytes=_SETTINGS_BYTES).get(SETTING, "")
    except (OSError, ValueError):
        return ""  # no settings yet, or damaged ones: the studio says so, and goes on with its defaults
    return value if isinstance(value, str) else ""


def _fault_of(python: Path, *, frozen: bool) -> Problem | None:
    """Why that Python cannot convert, or None when it can."""
    wanted = (*NEEDED, *(("export",) if frozen else ()))
    question = ("import json, sys, importlib.util as u; "
                "print(json.dumps([n for n in sys.argv[1:] if not u.find_spec(n)]))")
    here = f"The Python at {python}, which the settings or {VARIABLE} name for converting,"
    try:
        answer = subprocess.run([str(python), "-c", question, *wanted], capture_output=True, text=True, check=True,
                                timeout=_PROBE_S, cwd=python.parent, stdin=subprocess.DEVNULL,
                                env=without_ours(os.environ) if outside(str(python)) else None)
        lost = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return _without(f"{here} does not run ({type(error).__name__}).", "Correct it, or leave it empty.")
    if lost:
        return _without(f"{here} lacks {', '.join(map(str, lost))}.",
                        f"Install the export bundle there: `{python} -m pip install -e '.[cpu,export]'` in the source "
                        "checkout.")
    return None
