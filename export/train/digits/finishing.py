"""After training: the checkpoint for `atelier export`, then names, figures and the sheet of the package it made."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.blocking import BlockingEngine
from export.train.digits.data import CLASSES, SIDE, Digits, load
from export.train.digits.training import Judge

ROOT: Final = Path(__file__).resolve().parents[3]
DOCS: Final = ROOT / "docs" / "digits"
CREDIT: Final = (
    "Learned from the Optical Recognition of Handwritten Digits set by E. Alpaydin and C. Kaynak (UCI Machine Learning "
    "Repository, CC BY 4.0), as scikit-learn carries it. Trained by the Latent Atelier project, brought in by its own "
    "converter.")
SUMMARY: Final = {
    "vae": "The textbook variational autoencoder: ten digits in any hand. Show it a digit and it finds the hand.",
    "gan": "The textbook DCGAN: ten digits in any hand, drawn by a generator that learned against a critic."}
HANDS: Final = {
    "pca_overall_1": ("slant", "Slant", "倾斜", "Forward", "Backward", "How far the hand leans."),
    "pca_overall_2": ("width", "Width", "宽度", "Wide", "Narrow", "How much room a digit takes from left to right."),
    "pca_overall_4": ("balance", "Balance", "重心", "Bottom", "Top", "Where the larger bowl of a digit is."),
    "pca_overall_5": ("height", "Height", "高度", "Short", "Tall", "How tall a digit is.")}
"""The components that the converter found in `vae` that mean something to the eye; the others are left out."""
_MANY: Final = 320
_VERSION: Final = "1.1.0"
"""1.0 had no margin around its digits, and its VAE drew no digit every fifth time."""


def checkpoint(work: Path, name: str) -> Path:
    """digits-vae.pt or digits-gan.pt: the averaged weights alone, as any training script would leave them."""
    state = torch.load(work / f"{name}.pt", weights_only=True)["average"]
    path = work / f"digits-{name}.pt"
    torch.save(state, path)
    return path


def finish(work: Path, name: str) -> None:
    """Names of the digits into the manifest, figures and a sheet of 64 (seeds 0 to 63) into docs/digits."""
    package = ROOT / "resources" / "packages" / f"digits-{name}"
    declare(package, name)
    with BlockingEngine() as engine:
        recipe = engine.open(str(package)).default_recipe()
        drawn = [engine.render(recipe.changed(seed=seed, kind=str(seed % CLASSES), scale="1", variety=1.0)).colors()
                 for seed in range(_MANY)]
    pictures = torch.tensor(np.stack(drawn)[..., 0], dtype=torch.float32)[:, None] / 255
    DOCS.mkdir(parents=True, exist_ok=True)
    rows = (255 * pictures[:64, 0].numpy()).astype(np.uint8).reshape(8, 8, SIDE, SIDE).transpose(0, 2, 1, 3)
    sheet = Image.fromarray(rows.reshape(8 * SIDE, 8 * SIDE))
    sheet.resize((16 * SIDE, 16 * SIDE), Image.Resampling.NEAREST).save(DOCS / f"{name}-sheet.png", optimize=True)
    found = figures(work, name, pictures)
    (DOCS / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def figures(work: Path, name: str, pictures: Tensor) -> dict[str, Any]:
    """Classifier's agreement, distance of features, nearest training digit; each beside digits that were held out."""
    known, unseen = load()
    judge = Judge()
    judge.load_state_dict(torch.load(work / "judge.pt", weights_only=True)["model"])
    judge.eval()
    asked = torch.arange(len(pictures)) % CLASSES
    torch.manual_seed(0)                     # the principal axes are found by chance
    rough, rough_labels = _means_with_noise(known, asked)
    with torch.no_grad():
        right = {"samples": _right(judge, pictures, asked), "held-out digits":
                 _right(judge, unseen.pictures, unseen.labels),
                 "baseline": _right(judge, rough, rough_labels)}
        apart = {key: _frechet(judge.features(some), judge.features(unseen.pictures))
                 for key, some in (("samples", pictures), ("training digits", known.pictures[:360]),
                                   ("baseline", rough))}
    near = {key: _nearest(some, known.pictures) for key, some in (("samples", pictures), ("held-out digits",
                                                                                         unseen.pictures))}
    log = [json.loads(line) for line in (work / f"{name}.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, Any] = {"recognised as asked": right, "Fréchet distance to held-out digits": apart,
                             "distance to the nearest training digit": near, "training": log[-1]}
    if name == "vae":
        found["held-out bits a pixel"] = {"model": round(log[-1]["held_out_nats"] / np.log(2) / SIDE ** 2, 4),
                                          "mean picture of each digit": _by_means(known, unseen)}
    return found


def declare(package: Path, name: str) -> None:
    """What the converter cannot know: names of the classes, credits, licence, how large a first picture is."""
    shutil.copyfile(ROOT / "LICENSE", package / "LICENSE.txt")
    shutil.copyfile(Path(__file__).parent / "CREDITS.md", package / "CREDITS.md")
    manifest = json.loads((package / "manifest.json").read_text("utf-8"))
    manifest |= {"version": _VERSION, "summary": SUMMARY[name], "credit": CREDIT}
    manifest["controls"]["classes"] = [{"id": str(digit), "label": str(digit), "labels": {"zh_CN": str(digit)}}
                                       for digit in range(CLASSES)]
    manifest["controls"]["defaults"] = {"kind": "3", "scale": "12"}
    if "directions" in manifest["controls"]:
        kept = {words[0] for words in HANDS.values()}
        manifest["controls"]["directions"] = [_named(entry) for entry in manifest["controls"]["directions"]
                                              if entry["id"] in HANDS or entry["id"] in kept]
    for extra in ("LICENSE.txt", "CREDITS.md"):
        data = (package / extra).read_bytes()
        manifest["files"][extra] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    draft = package / "manifest.tmp"
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(package / "manifest.json")


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    """A component with the words of a person who looked at it."""
    if entry["id"] not in HANDS:
        return entry                         # it was named before
    name, label, chinese, low, high, words = HANDS[entry["id"]]
    return {**entry, "id": name, "label": label, "labels": {"zh_CN": chinese}, "low": low, "high": high, "help": words}


def _right(judge: Judge, pictures: Tensor, labels: Tensor) -> float:
    return round(float((judge(pictures).argmax(1) == labels).float().mean()), 4)


def _nearest(pictures: Tensor, known: Tensor) -> float:
    """Median over pictures of the root mean square difference to the nearest known one."""
    apart = torch.cdist(pictures.flatten(1), known.flatten(1)).min(dim=1).values
    return round(float(apart.median()) / SIDE, 4)


def _frechet(some: Tensor, other: Tensor) -> float:
    """Fréchet distance of two clouds of features, each taken as a normal distribution (Heusel et al. 2017)."""
    first, second = (torch.cov(cloud.T.double()) for cloud in (some, other))
    roots = torch.linalg.eigvals(first @ second).real.clamp(min=0).sqrt().sum()
    mean = (some.mean(0) - other.mean(0)).double().square().sum()
    return round(float(mean + first.trace() + second.trace() - 2 * roots), 3)


def _means_with_noise(known: Digits, asked: Tensor) -> tuple[Tensor, Tensor]:
    """The baseline: for each digit a normal distribution along ten principal axes of its pixels."""
    dice, made = torch.Generator().manual_seed(0), []
    for digit in asked.tolist():
        flat = known.pictures[known.labels == digit].flatten(1)
        _, sizes, axes = torch.pca_lowrank(flat, 10, niter=2)
        numbers = torch.randn(10, generator=dice) * sizes / len(flat) ** 0.5
        made.append((flat.mean(0) + numbers @ axes.T).clamp(0, 1).unflatten(0, (1, SIDE, SIDE)))
    return torch.stack(made), asked


def _by_means(known: Digits, unseen: Digits) -> float:
    """Bits a pixel of held-out digits where each pixel is as dark as it is on average in its digit."""
    means = torch.stack([known.pictures[known.labels == digit].mean(0) for digit in range(CLASSES)]).clamp(0.01, 0.99)
    lost = torch.nn.functional.binary_cross_entropy(means[unseen.labels], unseen.pictures)
    return round(float(lost) / float(np.log(2)), 4)
