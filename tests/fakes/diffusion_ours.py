"""`python -m tests.fakes.diffusion_ours FOLDER MODEL...`: the same runs through our family, in ONNX Runtime.

Takes FOLDER/<model>/package and writes FOLDER/<case>.ours.npz with the final latent and the picture of each case.
PyTorch is not here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import media
from engine.controls import check_recipe
from engine.families.diffusion_decode import Darkroom
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.verify import verify
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime
from tests.fakes.diffusion_cases import CASES


def main(folder: Path, models: list[str]) -> None:
    """Run all cases of these models."""
    keys = {name: media.put_file(folder / f"{name}.png") for name in ("source", "mask")}
    for model in models:
        home = folder / model / "package"
        opened = FAMILIES["diffusion"].open(home, verify(home), Runtime(Options("cpu", threads=1)))
        for name, case in CASES.items():
            if case.model == model:
                np.savez(folder / f"{name}.ours.npz", **answer(opened, home, case, keys))
        opened.close()


def answer(opened: Any, home: Path, case: Any, keys: dict[str, str]) -> dict[str, Any]:
    """Final latent and picture of one run."""
    info = describe(home)
    values = {**case.values, **({"image": keys["source"]} if case.source else {}),
              **({"mask": keys["mask"]} if case.mask else {})}
    known = {name: value for name, value in values.items() if info.control(name) is not None}
    recipe = check_recipe(info, info.default_recipe().with_values(known))
    latents: list[np.ndarray] = []
    plain = Darkroom.developed

    def developed(self: Darkroom, latent: Any, *rest: Any) -> Any:
        latents.append(latent)
        return plain(self, latent, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Darkroom, "developed", developed)
        asset = opened.render(recipe, NO_PROGRESS)
    return {"latent": latents[-1], "picture": asset.pixels}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
