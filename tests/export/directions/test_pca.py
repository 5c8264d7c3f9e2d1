"""Principal components and the cloud: known axes are recovered, distances are in sigma."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from engine.packages.parts import Cloud, Direction
from export.directions.cloud import distances, with_cloud
from export.directions.pca import components, pca_directions

SIGMAS = (5.0, 2.0, 0.5)


@pytest.fixture(scope="module")
def samples():
    """20,000 points around a mean, spread along three known axes of ten."""
    random = np.random.default_rng(0)
    axes = np.linalg.qr(random.standard_normal((10, 10)))[0][:3]
    mean = np.arange(10.0)
    points = random.standard_normal((20000, 3)) * SIGMAS @ axes + mean
    return mean, axes, points.astype(np.float32)


def test_known_axes_and_their_sigmas_are_recovered(samples):
    mean, axes, points = samples
    found = components(points, 10)
    assert found.rows.shape == (3, 10)
    assert np.allclose(np.abs((found.rows * axes).sum(axis=1)), 1.0, atol=1e-3)
    assert np.allclose(found.sigmas, SIGMAS, rtol=0.03)
    assert np.allclose(found.mean, mean, atol=0.1)
    assert found.shares.sum() == pytest.approx(1.0, abs=1e-5)


def test_signs_stay_when_the_samples_are_mirrored(samples):
    mean, _, points = samples
    mirrored = (2 * mean - points).astype(np.float32)
    assert np.allclose(components(points, 3).rows, components(mirrored, 3).rows, atol=1e-4)


def test_every_component_becomes_a_slider_that_the_manifest_takes(samples):
    found = pca_directions(samples[2], "w")
    told = [msgspec.convert(entry, Direction) for entry in found.entries]
    assert [one.id for one in told] == ["pca_overall_1", "pca_overall_2", "pca_overall_3"]
    assert told[0].labels == {"zh_CN": "整体 1"}
    assert told[0].sigma == pytest.approx(5.0, rel=0.03)
    assert told[0].layers is None
    assert np.allclose(np.linalg.norm(found.rows, axis=1), 1.0, atol=1e-5)


def test_the_cloud_knows_its_own_samples(samples):
    points = samples[2]
    found = with_cloud(pca_directions(points, "w"), points)
    typical, far = found.cloud_typical
    assert msgspec.convert({"typical": typical, "far": far}, Cloud).far == far
    away = distances(found.cloud, points)
    assert np.mean(away < typical) == pytest.approx(0.5, abs=0.01)
    assert np.mean(away < far) == pytest.approx(0.99, abs=0.002)
    assert distances(found.cloud, found.cloud[:1])[0] == pytest.approx(0.0, abs=1e-6)


def test_a_distance_is_counted_in_sigma_along_the_kept_axes(samples):
    points = samples[2]
    cloud = with_cloud(pca_directions(points, "w"), points).cloud
    kept = len(cloud) - 1
    assert kept == 2  # the third axis holds less than one part in a hundred
    step = cloud[0] + 4 * cloud[1]
    assert distances(cloud, step[None])[0] == pytest.approx(4 / np.sqrt(kept), rel=1e-4)
