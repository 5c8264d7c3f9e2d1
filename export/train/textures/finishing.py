"""The last step: figures, package, contact sheet, logs; all from one checkpoint of the flow and the reader."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from export.train.textures.build import GUIDANCE, build
from export.train.textures.dataset import Tiles
from export.train.textures.evaluate import figures
from export.train.textures.net import TextureFlow
from export.train.textures.reader import Reader
from export.train.textures.sheets import contact_sheet

_LOG: Final = Path("export/train/textures/log")


@dataclass(frozen=True)
class Finish:
    """What to finish, and where to."""

    checkpoint: Path
    package: Path
    docs: Path
    version: str
    measure: bool = True


def average_of(checkpoint: Path) -> TextureFlow:
    """The averaged weights of a checkpoint."""
    state = torch.load(checkpoint, weights_only=True)
    model = TextureFlow()
    model.load_state_dict(state["model"])
    model.load_state_dict(state["average"], strict=False)
    return model.eval()


def finish(work: Path, what: Finish) -> dict[str, Any]:
    """Write the package, then docs; what was measured."""
    torch.set_num_threads(1)
    flow, reader = average_of(what.checkpoint), Reader()
    reader.load_state_dict(torch.load(work / "reader.pt", weights_only=True))
    read = json.loads((work / "reader.json").read_text())
    measured = figures(flow, Tiles(work / "drawn"), GUIDANCE) if what.measure else {}
    facts = {"trained": dt.datetime.now(tz=dt.UTC).date().isoformat(), "torch": torch.__version__.split("+")[0],
             "checkpoint_sha256": hashlib.sha256(what.checkpoint.read_bytes()).hexdigest(),
             "flow": measured, "reader": read}
    parity = build(flow, reader.eval(), what.package, what.version, facts)
    what.docs.mkdir(parents=True, exist_ok=True)
    times = contact_sheet(what.package, what.docs)
    facts |= {"parity": parity, "sheet_ms": sorted(times)[len(times) // 2]}
    (what.docs / "metrics.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    log = what.checkpoint.with_suffix(".jsonl")
    if log.is_file():
        _LOG.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, _LOG / "flow.jsonl")
    return facts
