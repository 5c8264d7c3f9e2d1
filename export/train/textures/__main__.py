"""`python -m export.train.textures <step>`: every step of the recipe, in the order of the README."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from export.train.textures.dataset import draw_all


def _draw(options: argparse.Namespace) -> None:
    """Draw the tiles."""
    draw_all(Path(options.work) / "drawn", options.count)


def _train(options: argparse.Namespace) -> None:
    """Run or resume the flow."""
    import torch

    from export.train.glyphs.trainer import Plan, Trainer
    from export.train.textures.dataset import Tiles
    from export.train.textures.stage_flow import FlowStage

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    work = Path(options.work)
    plan = Plan(options.steps, options.rate, warm_up=60, average=0.997, save_every=100, evaluate_every=500,
                log_every=25)
    trainer = Trainer(FlowStage(Tiles(work / "drawn"), options.batch), plan, work / "run")
    trainer.resume()
    trainer.run()


def _read(options: argparse.Namespace) -> None:
    """Teach the reader."""
    from export.train.textures.reading import Lessons, teach

    figures = teach(Path(options.names), Path(options.encoder), Path(options.work), Lessons())
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _finish(options: argparse.Namespace) -> None:
    """Measure, write the package, draw the sheet."""
    from export.train.textures.finishing import Finish, finish

    work = Path(options.work)
    what = Finish(work / "run" / "flow.pt", Path(options.package), Path(options.docs), options.version,
                  measure=not options.quick)
    sys.stdout.write(json.dumps(finish(work, what), indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m export.train.textures", description=__doc__)
    parser.add_argument("--work", default="/var/tmp/textures", help="folder for data and checkpoints")  # noqa: S108
    steps = parser.add_subparsers(required=True, metavar="step")

    def add(name: str, action: Callable[[argparse.Namespace], None], words: str) -> argparse.ArgumentParser:
        step = steps.add_parser(name, help=words)
        step.set_defaults(action=action)
        return step

    add("draw", _draw, "draw the tiles").add_argument("--count", type=int, default=16000)
    train = add("train", _train, "run or resume the flow")
    train.add_argument("--steps", type=int, default=6300, help="where the cosine ends; more extends the training")
    train.add_argument("--rate", type=float, default=1.5e-3, help="peak learning rate")
    train.add_argument("--batch", type=int, default=16)
    train.add_argument("--threads", type=int, default=1)
    read = add("read", _read, "teach the reader")
    read.add_argument("--names", required=True, help="color-name-list-*.tgz, as npm has it")
    read.add_argument("--encoder", required=True, help="folder of MiniLM: model.safetensors, tokenizer.json")
    end = add("finish", _finish, "measure, write the package, draw the sheet")
    end.add_argument("--package", default="resources/packages/textures")
    end.add_argument("--docs", default="docs/textures")
    end.add_argument("--version", default="1.0.0")
    end.add_argument("--quick", action="store_true", help="without the figures")
    return parser


def main() -> None:
    """Parse and run."""
    options = _parser().parse_args()
    options.action(options)


if __name__ == "__main__":
    main()
