"""A conversion that the disk cannot take is refused before it begins."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DiskFull
from export.checkpoint.source import Checkpoint, ModelFolder, TensorRef
from export.room import check_room, numbers_in


def checkpoint(count: int) -> Checkpoint:
    ref = TensorRef("w", "float16", (count,), lambda: np.zeros(count, np.float16))
    return Checkpoint(Path("m.safetensors"), "safetensors", {"w": ref}, "sha256:0", count * 2)


def test_every_part_of_a_folder_counts():
    parts = {"unet": checkpoint(30), "vae": checkpoint(12)}
    assert numbers_in(ModelFolder(Path("m"), "diffusers", {}, {}, parts, {}, "sha256:0", 84)) == 42
    assert numbers_in(checkpoint(5)) == 5


@pytest.mark.parametrize(("free", "forms", "enough"), [(8000, 1, True), (7999, 1, False), (11999, 2, False)])
def test_weights_need_room_twice_and_again_for_each_further_form(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, forms: int, *, enough: bool):
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    if enough:
        check_room(checkpoint(1000), tmp_path, forms)
    else:
        with pytest.raises(DiskFull, match="needs about"):
            check_room(checkpoint(1000), tmp_path, forms)
