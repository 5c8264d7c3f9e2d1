"""`python -m export.train.glyphs <step>`: every step of the recipe, in the order of the README."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from export.train.glyphs.collect import collect
from export.train.glyphs.render import render
from export.train.glyphs.split import prepare

_STEPS: Final[dict[str, int]] = {"field": 2000, "detail": 3000, "style": 3000, "joint": 6000}
_RATES: Final[dict[str, float]] = {"field": 2e-3, "detail": 1.5e-3, "style": 1e-3, "joint": 6e-4}


@dataclass(frozen=True)
class Places:
    """Where the recipe keeps its work; nothing of it is part of the repository."""

    work: Path

    @property
    def faces(self) -> Path:
        """The faces found by `collect`."""
        return self.work / "faces.jsonl"

    @property
    def drawn(self) -> Path:
        """Fields, items and codes."""
        return self.work / "drawn"

    @property
    def run(self) -> Path:
        """Checkpoints and logs."""
        return self.work / "run"


def _collect(options: argparse.Namespace) -> None:
    """Find faces in `work`/unpacked."""
    counts = collect(Path(options.work) / "unpacked", Places(Path(options.work)).faces, options.workers)
    sys.stdout.write("".join(f"{count:6d} {reason}\n" for reason, count in counts.items()))


def _render(options: argparse.Namespace) -> None:
    """Draw every face, then filter and hold out."""
    places = Places(Path(options.work))
    if not (places.drawn / "drawn.jsonl").is_file():
        render(places.faces, places.drawn, options.workers)
    items = prepare(places.faces, places.drawn)
    held = {item.group for item in items if item.held_out}
    sys.stdout.write(f"{len(items)} faces, {len(held)} groups of families held out: {', '.join(sorted(held))}\n")


def _encode(options: argparse.Namespace) -> None:
    """Store the codes of one round after stage 1."""
    from export.train.glyphs.running import encode

    places = Places(Path(options.work))
    encode(places.faces, places.drawn, places.run, options.round, options.threads)


def _train(options: argparse.Namespace) -> None:
    """Run or resume one stage."""
    from export.train.glyphs.running import Order, train

    places = Places(Path(options.work))
    steps, rate = options.steps or _STEPS[options.stage], options.rate or _RATES[options.stage]
    order = Order(options.stage, steps, rate, options.rounds, options.batch, options.nats, options.threads)
    train(places.faces, places.drawn, places.run, order)


def _finish(options: argparse.Namespace) -> None:
    """Evaluate, draw the sheets, write the package."""
    from export.train.glyphs.finishing import Finish, finish

    places = Places(Path(options.work))
    checkpoint = places.run / f"{options.stage}.pt"
    what = Finish(
        checkpoint, Path(options.package), Path(options.docs), options.version, options.variety,
        tuple(options.directions.split(",")) if options.directions else (), options.refine,
    )  # fmt: skip
    finish(places.faces, places.drawn, places.run, what)
    shutil.copy2(checkpoint, Path(options.work) / "checkpoint.pt")


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m export.train.glyphs", description=__doc__)
    parser.add_argument("--work", default="/var/tmp/glyphs", help="folder for data and checkpoints")  # noqa: S108
    steps = parser.add_subparsers(required=True, metavar="step")

    def add(name: str, action: Callable[[argparse.Namespace], None], words: str) -> argparse.ArgumentParser:
        step = steps.add_parser(name, help=words)
        step.set_defaults(action=action)
        return step

    for name, action, words in (("collect", _collect, "find faces"), ("render", _render, "draw, filter, hold out")):
        add(name, action, words).add_argument("--workers", type=int, default=2)
    encode = add("encode", _encode, "store the codes of a round")
    encode.add_argument("--round", type=int, default=0)
    encode.add_argument("--threads", type=int, default=1)
    train = add("train", _train, "run or resume a stage: field, detail, style, joint")
    train.add_argument("stage", choices=tuple(_STEPS))
    train.add_argument("--steps", type=int, help="where the cosine ends; more than before extends the training")
    train.add_argument("--rate", type=float, help="peak learning rate")
    train.add_argument("--rounds", type=int, default=5, help="rounds of codes to learn from")
    train.add_argument("--batch", type=int, default=0, help="faces or glyphs a step; 0 is the stage's own")
    train.add_argument("--nats", type=float, default=110.0, help="information a style may carry")
    train.add_argument("--threads", type=int, default=1)
    end = add("finish", _finish, "evaluate, draw sheets, write the package")
    end.add_argument("--stage", default="joint", choices=("style", "joint"))
    end.add_argument("--package", default="resources/packages/glyphs")
    end.add_argument("--docs", default="docs/glyphs")
    end.add_argument("--version", default="1.0.0")
    end.add_argument("--variety", type=float, default=0.7, help="default truncation")
    end.add_argument("--directions", default="", help="ids to ship, by comma; all that were found if empty")
    end.add_argument("--refine", type=int, default=40, help="gradient steps of the refined figure; 0 skips it")
    return parser


def main() -> None:
    """Parse and run."""
    options = _parser().parse_args()
    options.action(options)


if __name__ == "__main__":
    main()
