"""How far out: in sigma of each axis, the farthest row counts, and files that are no clouds are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import PackageError
from engine.latent.cloud import Cloud, load_cloud

CENTER = np.array([1, 0, 0], np.float32)
AXES = np.array([[0, 3, 4], [2, 0, 0]], np.float32)          # sigma 5 and 2
NUMBERS = np.concatenate([CENTER[None], AXES])


def test_the_distance_is_the_mean_square_in_sigma_over_the_edge():
    cloud = Cloud(NUMBERS, 2.0)
    assert cloud.distance(CENTER) == 0
    assert cloud.distance(CENTER + AXES[0]) == pytest.approx(np.sqrt(1 / 2) / 2)
    assert cloud.distance(CENTER + 3 * AXES[0] - AXES[1]) == pytest.approx(np.sqrt(10 / 2) / 2)
    assert cloud.distance(CENTER + np.array([0, 4, -3], np.float32)) == pytest.approx(0, abs=1e-9)  # no axis there


def test_of_several_rows_the_farthest_counts():
    cloud = Cloud(NUMBERS, 1.0)
    rows = np.stack([CENTER, CENTER + 2 * AXES[1], CENTER])
    assert cloud.distance(rows) == pytest.approx(np.sqrt(4 / 2))


def test_one_in_a_hundred_samples_is_beyond_the_edge(tmp_path: Path):
    dice = np.random.default_rng(0)
    samples = (CENTER + dice.standard_normal((20000, 2)) @ AXES).astype(np.float32)
    inside = Cloud(NUMBERS, 1.0)
    far = float(np.quantile([inside.distance(sample) for sample in samples[:4000]], 0.99))
    np.save(tmp_path / "cloud.npy", NUMBERS)
    cloud = load_cloud(tmp_path / "cloud.npy", 3, far)
    beyond = np.mean([cloud.distance(sample) > 1 for sample in samples[4000:8000]])
    assert 0.005 < beyond < 0.016


@pytest.mark.parametrize(("array", "words"), [
    (NUMBERS[:1], "2 or more"), (NUMBERS[:, :2], "2 or more"), (NUMBERS.astype(np.float64), "float64"),
    (NUMBERS * np.float32(np.nan), "finite"), (np.array([{}], dtype=object), "plain array"),
    (np.concatenate([NUMBERS, np.zeros((1, 3), np.float32)]), "no length"), (CENTER, "2 or more")])
def test_anything_else_is_refused(tmp_path: Path, array: np.ndarray, words: str):
    np.save(tmp_path / "cloud.npy", array, allow_pickle=True)
    with pytest.raises(PackageError, match=words) as caught:
        load_cloud(tmp_path / "cloud.npy", 3, 1.0)
    assert "training cloud" in caught.value.what


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(PackageError, match="training cloud"):
        load_cloud(tmp_path / "cloud.npy", 3, 1.0)
