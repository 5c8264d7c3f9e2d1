"""After training: the checkpoint for `atelier export`; then the ways of writing, figures and sheet of the package."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from engine.blocking import BlockingEngine
from export.train.names.baseline import Letters
from export.train.names.lines import MARKS
from export.train.names.training import Corpus

ROOT: Final = Path(__file__).resolve().parents[3]
PACKAGE: Final = ROOT / "resources" / "packages" / "names"
DOCS: Final = ROOT / "docs" / "names"
CREDIT: Final = (
    "Names of colours: color-name-list by David Aerne and contributors (MIT), unkind ones left out. Product names, "
    "slogans and headlines: templates and words of our own. Trained by the Latent Atelier project, brought in by its "
    "own converter.")
MODES: Final[tuple[dict[str, Any], ...]] = (
    {"id": "color", "label": "Name of a colour", "labels": {"zh_CN": "颜色名称"}, "length": 14,
     "examples": ["Winter", "Old", "Peach"]},
    {"id": "name", "label": "Name of a product", "labels": {"zh_CN": "产品名称"}, "length": 16,
     "examples": ["Lu", "Studio"]},
    {"id": "slogan", "label": "Slogan", "labels": {"zh_CN": "标语"}, "length": 32,
     "examples": ["Made for", "Life is"]},
    {"id": "headline", "label": "Headline", "labels": {"zh_CN": "标题"}, "length": 36,
     "examples": ["The art of", "Why"]})
_SHEET, _CARDS, _ROUNDS = 16, 24, 4
_COMPARED, _ALIKE = 32, 4


def checkpoint(data: Corpus, work: Path) -> Path:
    """names-model.pt: plain weights and the vocabulary, as a training script would leave them."""
    import torch

    path = work / "names-model.pt"
    state = torch.load(work / "names.pt", weights_only=True)["model"]
    torch.save({"state_dict": state, "characters": data.texts}, path)
    return path


def baseline_figures(data: Corpus, work: Path) -> dict[str, Any]:
    """Held-out bits a letter, of the model and of counted letters, by way of writing and in all."""
    import torch

    from export.train.names.model import NameModel
    from export.train.names.training import bits, encoded

    model = NameModel(len(data.texts))
    model.load_state_dict(torch.load(work / "names.pt", weights_only=True)["model"])
    ours = bits(model, encoded(data, data.unseen))
    counted = Letters(data.known)
    theirs = [counted.bits(mode, line) for mode, line in data.unseen]
    found: dict[str, Any] = {}
    for mode in (*MARKS, "all"):
        rows = [row for row, (kind, _) in enumerate(data.unseen) if mode in (kind, "all")]
        letters = sum(len(data.unseen[row][1]) + 1 for row in rows)
        found[mode] = {"lines": len(rows), "model": round(sum(ours[row] for row in rows) / letters, 3),
                       "five letters before": round(sum(theirs[row] for row in rows) / letters, 3)}
    return found


def finish(data: Corpus, work: Path) -> None:
    """Ways of writing into the manifest, then figures and the sheet from the package as a person will have it."""
    declare(PACKAGE)
    DOCS.mkdir(parents=True, exist_ok=True)
    found = {mode: _written(mode, _ROUNDS) for mode in MARKS}
    first = {mode: cards[:_SHEET] for mode, cards in found.items()}
    (DOCS / "sheet.txt").write_text("".join(f"{mode}\n" + "".join(f"  {card}\n" for card in cards)
                                            for mode, cards in first.items()), "utf-8")
    _drawn(first).quantize(32).save(DOCS / "sheet.png", optimize=True)
    _preview(first).quantize(32).save(PACKAGE / "preview.png", optimize=True)
    _list(PACKAGE, "preview.png")
    figures = {"held-out bits a letter": baseline_figures(data, work),
               "samples": {mode: _judged(cards, [line for kind, line in data.known if kind == mode])
                           for mode, cards in found.items()},
               "training": [json.loads(line) for line in (work / "names.jsonl").read_text("utf-8").splitlines()][-1]}
    (DOCS / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def declare(package: Path) -> None:
    """What the converter cannot know: the ways of writing, a default temperature, credits and licence."""
    shutil.copyfile(ROOT / "LICENSE", package / "LICENSE.txt")
    shutil.copyfile(Path(__file__).parent / "CREDITS.md", package / "CREDITS.md")
    manifest = json.loads((package / "manifest.json").read_text("utf-8"))
    manifest["text"]["modes"] = [{**mode, "before": MARKS[mode["id"]]} for mode in MODES]
    manifest["controls"] = {"defaults": {"temperature": 0.8, "top_p": 0.9, "count": 12}}
    manifest |= {"summary": "Names for colours and products, slogans and headlines: begin one, or let it invent.",
                 "credit": CREDIT}
    _save(package, manifest)
    _list(package, "LICENSE.txt", "CREDITS.md")


def _list(package: Path, *names: str) -> None:
    """Files of the package into its manifest; a picture is its preview."""
    manifest = json.loads((package / "manifest.json").read_text("utf-8"))
    for name in names:
        data = (package / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        if name.endswith(".png"):
            manifest["preview"] = name
    _save(package, manifest)


def _save(package: Path, manifest: dict[str, Any]) -> None:
    draft = package / "manifest.tmp"
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(package / "manifest.json")


def _written(mode: str, rounds: int) -> list[str]:
    """Cards of the package's own settings, seeds in order, nothing left out."""
    with BlockingEngine() as engine:
        recipe = engine.open(str(PACKAGE)).default_recipe().changed(prompt="", mode=mode, count=_CARDS)
        return [card for turn in range(rounds)
                for card in engine.render(recipe.changed(seed=turn * _CARDS)).texts]


def _judged(cards: list[str], known: list[str]) -> dict[str, float]:
    """Shares that are new and that are said once, and how many letters a card is from the nearest known line."""
    taught = {line.lower() for line in known}
    near = [min((_edits(card.lower(), line.lower()) for line in known
                 if line[:2] == card[:2] and abs(len(line) - len(card)) <= _ALIKE), default=len(card))
            for card in cards[:_COMPARED]]
    return {"cards": len(cards), "new": round(sum(card.lower() not in taught for card in cards) / len(cards), 3),
            "once": round(len(set(cards)) / len(cards), 3),
            "letters to the nearest that begins alike": round(sum(near) / len(near), 2),
            "words known": round(_sayable(cards, known), 3)}


def _sayable(cards: list[str], known: list[str]) -> float:
    """Share of words that stand in a line of the training somewhere."""
    words = {word.lower().strip(".,!?:") for line in known for word in line.split()}
    said = [word.lower().strip(".,!?:") for card in cards for word in card.split()]
    return sum(word in words for word in said) / max(len(said), 1)


def _edits(one: str, other: str) -> int:
    """Letters to insert, remove or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, wanted in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (letter != wanted))
    return row[-1]


def _drawn(first: dict[str, list[str]]) -> Image.Image:
    """Four columns of sixteen cards."""
    wide, tall = 420, 30
    picture = Image.new("RGB", (wide * len(first), tall * (_SHEET + 2)), "#faf8f3")
    pen, big, small = ImageDraw.Draw(picture), ImageFont.load_default(17), ImageFont.load_default(13)
    for column, (mode, cards) in enumerate(first.items()):
        label = next(entry["label"] for entry in MODES if entry["id"] == mode)
        pen.text((wide * column + 16, 14), label, "#b04a2f", big)
        for row, card in enumerate(cards):
            size = big if math.ceil(pen.textlength(card, big)) < wide - 24 else small
            pen.text((wide * column + 16, tall * (row + 1) + 22), card, "#222222", size)
    return picture


def _preview(first: dict[str, list[str]]) -> Image.Image:
    """Two cards of each way of writing."""
    picture = Image.new("RGB", (512, 256), "#faf8f3")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(20)
    for row, card in enumerate(card for cards in first.values() for card in cards[:2]):
        pen.text((24, 10 + 30 * row), card, "#222222" if row % 4 < 2 else "#b04a2f", font)  # noqa: PLR2004 - by pairs
    return picture
