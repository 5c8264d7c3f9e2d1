"""`python -m export.train.names train|checkpoint|finish`: the recipe of `names`, in the order of the README."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m export.train.names", description=__doc__)
    parser.add_argument("step", choices=("train", "checkpoint", "finish"))
    parser.add_argument("--work", default="/var/tmp/names", type=Path, help="folder for checkpoints")  # noqa: S108
    parser.add_argument("--colors", required=True, type=Path, help="colornames.csv of the npm package color-name-list")
    parser.add_argument("--steps", default=4000, type=int, help="where the cosine ends")
    options = parser.parse_args()
    import torch

    from export.train.names.training import corpus, train

    torch.set_num_threads(1)
    data = corpus(options.colors, options.work)
    if options.step == "train":
        train(data, options.work, options.steps)
        return
    from export.train.names.finishing import checkpoint, finish

    if options.step == "checkpoint":
        sys.stdout.write(f"{checkpoint(data, options.work)}\n")
    else:
        finish(data, options.work)


if __name__ == "__main__":
    main()
