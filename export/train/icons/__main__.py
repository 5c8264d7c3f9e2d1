"""`python -m export.train.icons <step>`: every step of the recipe, in the order of the README."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


def _collect(options: argparse.Namespace) -> None:
    """Find icons in `work`/unpacked."""
    from export.train.icons.collect import collect

    counts = collect(Path(options.work) / "unpacked", Path(options.work) / "icons.jsonl")
    sys.stdout.write("".join(f"{count:6d} {name}\n" for name, count in counts.items()))


def _draw(options: argparse.Namespace) -> None:
    """Draw every icon with one pen."""
    from export.train.icons.draw import draw_all

    kept, seen = draw_all(Path(options.work) / "icons.jsonl", Path(options.work) / "drawn", options.workers)
    sys.stdout.write(f"{kept} of {seen} kept\n")


def _train(options: argparse.Namespace) -> None:
    """Run or resume the autoencoder."""
    from export.train.icons.running import Places, train

    train(Places(Path(options.work)), options.steps, options.batch, options.threads)


def _remember(options: argparse.Namespace) -> None:
    """Store latents and meanings."""
    from export.train.icons.running import Places, remember

    remember(Places(Path(options.work)), Path(options.encoder))


def _pack(options: argparse.Namespace) -> None:
    """Write the package."""
    from export.train.icons.running import Places, pack

    pack(Places(Path(options.work)), Path(options.package), options.version)


def _examine(options: argparse.Namespace) -> None:
    """Figures, sheets, preview."""
    from export.train.icons.running import Places, examine

    examine(Places(Path(options.work)), Path(options.encoder), Path(options.docs), Path(options.package), options.count)


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m export.train.icons", description=__doc__)
    parser.add_argument("--work", default="/var/tmp/icons", help="folder for data and checkpoints")  # noqa: S108
    steps = parser.add_subparsers(required=True, metavar="step")

    def add(name: str, action: Callable[[argparse.Namespace], None], words: str) -> argparse.ArgumentParser:
        step = steps.add_parser(name, help=words)
        step.set_defaults(action=action)
        return step

    add("collect", _collect, "find icons")
    add("draw", _draw, "draw, filter").add_argument("--workers", type=int, default=2)
    train = add("train", _train, "run or resume the autoencoder")
    train.add_argument("--steps", type=int, default=1100, help="where the cosine ends; more extends the training")
    train.add_argument("--batch", type=int, default=32)
    train.add_argument("--threads", type=int, default=1)
    for name, action, words in (("remember", _remember, "store latents and meanings"),
                                ("pack", _pack, "write the package"), ("examine", _examine, "figures and sheets")):
        step = add(name, action, words)
        step.add_argument("--encoder", default="", help="the folder `model` of the unpacked MiniLM wheel")
        step.add_argument("--package", default="resources/packages/icons")
        step.add_argument("--docs", default="docs/icons")
        step.add_argument("--version", default="1.1.0")
        step.add_argument("--count", type=int, default=200, help="prompts to examine of each kind")
    return parser


def main() -> None:
    """Parse and run."""
    options = _parser().parse_args()
    options.action(options)


if __name__ == "__main__":
    main()
