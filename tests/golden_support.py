"""Golden pictures: compared with a small tolerance, renewed on request.

`python -m pytest -p tests.golden_support --renew-golden tests/engine` writes them anew; look at every one before
keeping it. Tolerance: coverage may differ by a few steps between processors, never in shape.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path(__file__).parent / "golden"
WORST = 6          # of 255, at any one pixel
MEAN = 0.05        # of 255, over the picture


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch; known where this module is loaded as a plugin."""
    parser.addoption("--renew-golden", action="store_true", dest="renew_golden", help="write the golden pictures anew")


def assert_golden(pixels: NDArray[np.uint8], name: str, config: pytest.Config, tmp_path: Path) -> None:
    """`pixels` must look like tests/golden/`name`.png; the new picture is kept in tmp_path when it does not."""
    path = FOLDER / f"{name}.png"
    if config.getoption("renew_golden", default=False):
        FOLDER.mkdir(exist_ok=True)
        picture(pixels).save(path, optimize=True)
        return
    assert path.exists(), f"no golden picture {path.name}; run with --renew-golden and look at it"
    with Image.open(path) as image:
        wanted = np.array(image)
    complaint = difference(pixels.squeeze(), wanted)
    if complaint:
        kept = tmp_path / f"{name}.png"
        picture(pixels).save(kept)
        pytest.fail(f"{name}: {complaint}; the new picture is {kept}")


def difference(have: NDArray[np.uint8], want: NDArray[np.uint8]) -> str:
    """What differs more than the tolerance; empty when nothing does."""
    if have.shape != want.shape:
        return f"the shape is {have.shape}, not {want.shape}"
    gap = np.abs(have.astype(int) - want.astype(int))
    if gap.max() > WORST:
        row, column = np.unravel_index(gap.reshape(*gap.shape[:2], -1).max(axis=2).argmax(), gap.shape[:2])
        return f"pixel x={column} y={row} differs by {gap.max()}"
    return f"the mean difference is {gap.mean():.3f}" if gap.mean() > MEAN else ""


def picture(pixels: NDArray[np.uint8]) -> Image.Image:
    """As a Pillow image."""
    return Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
