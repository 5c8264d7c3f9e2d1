"""ONNX folders as optimum and diffusers write them, brought and run by the real program: diffusers' own pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.end2end.program import ROOT, Program
from tests.fakes.diffusion_cases import NEGATIVE, PROMPT

pytestmark = pytest.mark.torch

_SAID = ("--prompt", PROMPT, "--negative", NEGATIVE, "--seed", "9", "--size", "128x64", "--set", "steps=5", "--set",
         "guidance=4", "--set", "sampler=ddim")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One tiny pipeline in both layouts, and what diffusers makes of it."""
    place = tmp_path_factory.mktemp("layouts")
    done = subprocess.run([sys.executable, "-m", "tests.fakes.diffusion_layouts", str(place)], cwd=ROOT,
                          capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return place


def rendered(program: Program, layout: Path, *more: str) -> np.ndarray:
    """The picture [height, width, 3] of a folder that was never seen before."""
    brought = program("export", layout, "--license", "CC0-1.0", "-o", program.cwd / "package")
    assert brought.code == 0, brought.err
    made = program("render", program.cwd / "package", *_SAID, *more, "-o", "made.png")
    assert made.code == 0, made.err
    return np.asarray(Image.open(program.cwd / "made.png")).astype(int)


@pytest.mark.parametrize("layout", ["optimum", "diffusers"])
def test_a_prompt_gives_the_picture_of_diffusers(bare: Program, folders: Path, layout: str):
    wanted = np.load(folders / "text.npz")["picture"].astype(int)
    assert wanted.std() > 20
    assert np.abs(rendered(bare, folders / layout) - wanted).max() <= 2


def test_a_picture_gives_the_picture_of_diffusers(bare: Program, folders: Path):
    more = ("--set", f"image={folders / 'source.png'}", "--set", "strength=0.6")
    wanted = np.load(folders / "picture.npz")["picture"].astype(int)
    assert np.abs(rendered(bare, folders / "optimum", *more) - wanted).max() <= 2
