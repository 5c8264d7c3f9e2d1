"""`python -m export.train.encoder FOLDER`: the prompt encoder's package from the unpacked wheel."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from export.train.encoder.build import build


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m export.train.encoder", description=__doc__)
    parser.add_argument("model", help="the folder `model` of the unpacked wheel")
    parser.add_argument("--package", default="resources/encoders/minilm", help="where the package is written")
    options = parser.parse_args()
    figures = build(Path(options.model), Path(options.package))
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
