"""`python -m export.train.digits train|checkpoint|finish NAME`: the recipe of both, in the order of the README."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m export.train.digits", description=__doc__)
    parser.add_argument("step", choices=("train", "checkpoint", "finish"))
    parser.add_argument("name", choices=("vae", "gan", "judge"))
    parser.add_argument("--work", default="/var/tmp/digits", type=Path, help="folder for checkpoints")  # noqa: S108
    parser.add_argument("--steps", type=int, help="where the learning rate reaches its end")
    options = parser.parse_args()
    import torch

    from export.train.digits import training
    from export.train.digits.finishing import checkpoint, finish

    torch.set_num_threads(1)
    if options.step == "train":
        train = {"vae": training.train_vae, "gan": training.train_gan, "judge": training.train_judge}[options.name]
        train(options.work, options.steps or training.STEPS[options.name])
    elif options.step == "checkpoint":
        sys.stdout.write(f"{checkpoint(options.work, options.name)}\n")
    else:
        finish(options.work, options.name)


if __name__ == "__main__":
    main()
