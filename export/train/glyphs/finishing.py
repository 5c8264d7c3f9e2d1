"""The last step: held-out figures, contact sheets and the package, all from one checkpoint."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from export.train.glyphs.build import Fitted, build, file_digest, fit, load_average
from export.train.glyphs.codes import Codes
from export.train.glyphs.dataset import Faces
from export.train.glyphs.drawing import drawer
from export.train.glyphs.evaluate import one_of_each_group, score, truth
from export.train.glyphs.sheets import (
    alphabet_sheet,
    curve,
    filmstrip,
    held_out_sheet,
    random_sheet,
    random_style,
    read_log,
)
from export.train.glyphs.wholeness import faults

_LOGS: Final = Path("export/train/glyphs/log")
_STAGES: Final = ("field", "detail", "style", "joint")
_THIN: Final = 4


@dataclass(frozen=True)
class Finish:
    """What to finish, and where to."""

    checkpoint: Path
    package: Path
    docs: Path
    version: str
    variety: float
    directions: tuple[str, ...]
    refine: int


def finish(faces_file: Path, drawn: Path, run: Path, what: Finish) -> None:
    """Evaluate, draw every sheet, write logs and package; `metrics.json` lies beside the sheets."""
    torch.set_num_threads(1)
    codes = Codes(Faces(faces_file, drawn), drawn, 1)
    fitted = fit(load_average(what.checkpoint), codes, what.directions, drawn / "measured.npy")
    what.docs.mkdir(parents=True, exist_ok=True)
    plain = score(fitted.model, codes, fitted.styles, codes.faces.test.tolist())
    few = one_of_each_group(codes)
    same = score(fitted.model, codes, fitted.styles, few)
    refined = score(fitted.model, codes, fitted.styles, few, what.refine) if what.refine else None
    figures = {key: value for key, value in plain.items() if not key.startswith("by_")}
    if refined:
        figures |= {"one_face_a_group": same["iou_all"], "one_face_a_group_refined": refined["iou_all"]}
    source: dict[str, Any] = {
        "recipe": "export/train/glyphs",
        "trained": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "checkpoint_sha256": file_digest(what.checkpoint),
        "torch": torch.__version__.split("+")[0],
        "metrics": {"held_out": figures, "random_styles": _soundness(fitted, codes, what.variety)} | _effort(run),
    }
    build(fitted, codes, what.package, source, what.version, what.variety)
    random_sheet(fitted, what.docs / "random-styles.png", what.variety)
    alphabet_sheet(fitted, what.docs / "alphabets.png", what.variety)
    held_out_sheet(fitted, codes, what.docs / "held-out.png")
    for direction in fitted.directions:
        filmstrip(fitted, direction.name, what.docs / f"direction-{direction.name}.png")
    _keep_logs(run, what.docs)
    report = {"source": source, "held_out": plain, "refined": refined, "directions": [
        {"name": d.name, "correlation": round(d.correlation, 4), "own": round(d.own, 4)} for d in fitted.directions
    ]}  # fmt: skip
    (what.docs / "metrics.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _soundness(fitted: Fitted, codes: Codes, variety: float, count: int = 64) -> dict[str, float]:
    """Characters in pieces, empty or without counters, per alphabet: 64 unchosen styles beside real faces."""
    draw = drawer(fitted.decoder())
    styles = [random_style(seed, len(fitted.prior.mean), variety) for seed in range(count)]
    broken = [len(faults(draw(style)[0])) for style in styles]
    every = max(len(codes.faces.test) // count, 1)
    real = [len(faults(truth(codes, item))) for item in codes.faces.test[::every].tolist()]
    return {
        "faults_per_alphabet": float(np.mean(broken)),
        "alphabets_without_fault": float(np.mean(np.array(broken) == 0)),
        "most_faults": float(max(broken)),
        "faults_per_real_alphabet": float(np.mean(real)),
    }


def _effort(run: Path) -> dict[str, Any]:
    """Steps and CPU minutes of every stage that ran."""
    last = {name: read_log(run / f"{name}.jsonl")[-1] for name in _STAGES if (run / f"{name}.jsonl").is_file()}
    return {
        "steps": {name: line["step"] for name, line in last.items()},
        "cpu_minutes": {name: line["cpu_minutes"] for name, line in last.items()},
    }


def _keep_logs(run: Path, docs: Path) -> None:
    """Copy thinned logs into the project and draw the curve of held-out IoU."""
    _LOGS.mkdir(parents=True, exist_ok=True)
    logs = {}
    for name in _STAGES:
        path = run / f"{name}.jsonl"
        if not path.is_file():
            continue
        lines = read_log(path)
        logs[name] = lines
        kept = [line for number, line in enumerate(lines) if "held_out_iou" in line or number % _THIN == 0]
        (_LOGS / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    curve(logs, docs / "curve.png")
