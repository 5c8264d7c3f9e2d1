"""`python -m export.train.palettes embed|train|judge|sheet`: every step of the recipe, in the order of the README."""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path
from typing import Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parents[3]
PACKAGE: Final = ROOT / "resources" / "packages" / "palettes"
DOCS: Final = ROOT / "docs" / "palettes"
VERSION: Final = "1.1.0"
_EMOJI, _STYLES = 0.3, 0.15                  # shares of what the reader is taught
_LONGEST: Final = 28
_UNKIND: Final = re.compile(
    r"sex|fuck|shit|nazi|bitch|whore|slut|damn|crap|piss|penis|boob|rape|kill|murder|blood|corpse|suicide|cocaine|"
    r"heroin|weed|cannabis|vomit|puke|poop|diarrh|urine|snot|booger|barf|turd|fart|gonorr|phlegm|mucus|pus\b|redneck|"
    r"gypsy|negro|indian red|squaw|eskimo|oriental|ass\b|arse|hooker|stripper|devil's|satan|drunk|hitler|terror|bomb|"
    r"death|dead",
    re.IGNORECASE)


def embed(options: argparse.Namespace) -> None:
    """What names, emoji and styles mean: names.json, names.npy, emoji.npz and styles.npz in the work folder."""
    from engine.blocking import BlockingEngine
    from engine.colors.oklab import from_hex, to_oklab
    from export.train.palettes.emoji import palettes_of, taught_of
    from export.train.palettes.styles import FORMS, STYLES

    with options.colors.open(encoding="utf-8") as file:
        rows = [(row["name"], row["hex"]) for row in csv.DictReader(file)]
    kept = [(name, color) for name, color in rows if len(name) <= _LONGEST and name.isascii()
            and not re.search(r"\d", name) and not _UNKIND.search(name)]
    known = palettes_of(options.emoji)
    taught = taught_of(known)
    forms = [form.format(style) for style in STYLES for form in FORMS]
    with BlockingEngine() as engine:
        vectors, emoji, styles = (
            np.concatenate([engine.embed(texts[start:start + 256]) for start in range(0, len(texts), 256)])
            for texts in ([name for name, _ in kept], taught, forms))
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "names.json").write_text(json.dumps(kept), "utf-8")
    np.save(options.work / "names.npy", vectors.astype(np.float16), allow_pickle=False)
    np.savez(options.work / "emoji.npz", meanings=emoji[:, None], lab=np.stack([known[name] for name in taught]))
    np.savez(options.work / "styles.npz", meanings=styles.reshape(len(STYLES), len(FORMS), -1),
             lab=np.stack([to_oklab(from_hex(list(colors))) for colors in STYLES.values()]))


def train(options: argparse.Namespace) -> None:
    """Both networks, then the package."""
    import torch

    from engine.colors.oklab import from_hex, to_oklab
    from export.train.palettes.package import Made, write
    from export.train.palettes.training import COLOURS, Shown, train_judge, train_reader

    torch.set_num_threads(1)
    names = [(name, color) for name, color in json.loads((options.work / "names.json").read_text("utf-8"))]
    vectors = np.load(options.work / "names.npy").astype(np.float32)
    palettes = [palette for palette in json.loads(options.palettes.read_text("utf-8")) if len(palette) == COLOURS]
    lab = torch.tensor(np.stack([to_oklab(from_hex(palette)) for palette in palettes]), dtype=torch.float32)
    judge = train_judge(lab, options.work)
    shown = []
    for name, share in (("emoji", _EMOJI), ("styles", _STYLES)):
        with np.load(options.work / f"{name}.npz") as stored:
            shown.append(Shown(torch.tensor(stored["meanings"], dtype=torch.float32),
                               torch.tensor(stored["lab"], dtype=torch.float32), share))
    reader = train_reader(vectors, [color for _, color in names], shown, options.work)
    logs = {name: json.loads((options.work / f"{name}.jsonl").read_text("utf-8").splitlines()[-1])
            for name in ("reader", "judge")}
    write(PACKAGE, Made(reader, judge, names, vectors), ROOT, VERSION, {"recipe": "export/train/palettes", **logs})


def judge(options: argparse.Namespace) -> None:
    """Figures beside the baselines, into docs/palettes/figures.json."""
    from export.train.palettes.evaluate import figures

    found = figures(PACKAGE, options.emoji, options.work)
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "figures.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def sheet(options: argparse.Namespace) -> None:
    """The contact sheet of 64 prompts, unchosen, and the preview."""
    from export.train.palettes.package import add_preview
    from export.train.palettes.sheets import draw

    del options
    draw(PACKAGE, DOCS)
    add_preview(PACKAGE)


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m export.train.palettes", description=__doc__)
    parser.add_argument("step", choices=("embed", "train", "judge", "sheet"))
    parser.add_argument("--work", default="/var/tmp/palettes", type=Path)  # noqa: S108 - a recipe's own folder
    parser.add_argument("--colors", type=Path, help="colornames.csv of the npm package color-name-list")
    parser.add_argument("--palettes", type=Path, help="1000.json of the npm package nice-color-palettes")
    parser.add_argument("--emoji", type=Path, help="NotoColorEmoji.ttf of Debian's fonts-noto-color-emoji")
    options = parser.parse_args()
    {"embed": embed, "train": train, "judge": judge, "sheet": sheet}[options.step](options)


if __name__ == "__main__":
    main()
