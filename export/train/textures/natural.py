"""Materials without a lattice: wood, stone, skin, earth, growth. Each gives tone and height."""

from __future__ import annotations

import numpy as np

from export.train.textures.canvas import Canvas
from export.train.textures.classes import Field
from export.train.textures.noise import band, smooth, spectral, voronoi
from export.train.textures.regular import Pair


def wood(c: Canvas) -> Pair:
    """Grain that runs across, with fibres and pores; distortion brings knots."""
    phase = c.v * 0.5 + 0.35 * c.fbm(2.2, 2.2, long=7)
    x, y = c.u - c.rng.uniform(0, c.columns), c.v - c.rng.uniform(0, c.rows)
    x, y = (part - side * np.round(part / side) for part, side in ((x, c.columns), (y, c.rows)))
    knot = np.exp(-(x * x / 3.5 + y * y) / 1.2).astype(np.float32)
    phase = phase + 1.6 * c.settings.distortion * knot
    f = phase - np.floor(phase)
    ring = smooth(0, 0.75, np.asarray(f, np.float32)) - smooth(0.86, 1.0, np.asarray(f, np.float32))
    fibre = spectral(c.rng, c.size, (2.6, 60), 1.2)
    pores = smooth(1.2, 2.0, spectral(c.rng, c.size, (3.0, 24), 1.0))
    tone = 0.78 - (0.2 + 0.3 * c.settings.fill) * ring + 0.06 * fibre - 0.25 * pores
    tone = tone - 0.25 * c.settings.distortion * knot
    return tone, 0.62 - 0.18 * ring + 0.05 * fibre - 0.3 * pores


def marble(c: Canvas) -> Pair:
    """Thin veins through soft clouds."""
    cloud = c.fbm(3.0, 1.9)
    tone: Field = 0.84 + 0.06 * cloud
    for waves, depth, width in ((4.5, 0.62, 0.05), (2.6, 0.32, 0.03)):
        line = np.abs(c.fbm(waves, 2.1) + 0.12 * c.fbm(waves / 3, 1.8))
        breadth = width * (0.7 + 2.4 * (1 - c.settings.fill)) * (1 + 0.8 * smooth(0, 1.5, cloud))
        tone = tone - depth * np.exp(-line / breadth) * smooth(-1.2, 0.8, c.fbm(3.5, 2.0))
    return np.asarray(tone, np.float32), np.asarray(0.5 + 0.25 * (tone - 0.8), np.float32)


def terrazzo(c: Canvas) -> Pair:
    """Angular chips of several stones in a light binder."""
    found = voronoi(c.rng, c.x, c.y, (c.rows, c.columns), 0.95)
    own, keep = found.each(c.rng), found.each(c.rng) < 0.35 + 0.6 * c.settings.fill
    inside = found.border / c.cell - 0.05 - 0.18 * found.each(c.rng) + 0.02 * c.fbm(0.5)
    chip = c.edge(np.where(keep, inside, -1).astype(np.float32))
    shade = np.choose((own * 4).astype(np.intp).clip(0, 3), [0.08, 0.3, 0.52, 0.7]).astype(np.float32)
    tone = chip * (shade + 0.02 * c.fbm(0.4)) + (1 - chip) * (0.93 + 0.015 * c.fbm(0.3, 0.8))
    return tone, 0.45 + 0.12 * chip


def cells(c: Canvas) -> Pair:
    """Pebbles, leather, scales of a lizard: rounded bodies pressed against one another."""
    found = voronoi(c.rng, c.x, c.y, (c.rows, c.columns), 0.55 + 0.4 * c.settings.distortion)
    own = found.each(c.rng)
    inside = found.border / c.cell - (0.02 + 0.09 * (1 - c.settings.fill))
    body = c.edge(inside)
    dome = smooth(0, 0.32, inside)
    tone = body * (0.2 + 0.22 * own + 0.42 * dome) + (1 - body) * 0.06
    return tone, body * np.sqrt(dome) * (0.65 + 0.2 * own) + 0.05


def camouflage(c: Canvas) -> Pair:
    """Four flat tones in overlapping blobs."""
    tone: Field = np.full(c.size, 0.62, np.float32)
    for level, share in ((0.9, 0.35), (0.36, 0.3 + 0.3 * c.settings.fill), (0.08, 0.12 + 0.2 * c.settings.fill)):
        field = c.fbm(3.2, 2.6)
        over = np.clip((field - np.quantile(field, 1 - share)) * (0.22 * c.cell) + 0.5, 0, 1)
        tone = tone * (1 - over) + level * over
    return np.asarray(tone, np.float32), 0.5 + 0.02 * c.fbm(1.0)


def clouds(c: Canvas) -> Pair:
    """Soft billows."""
    field = c.fbm(4.0, 1.75)
    tone = smooth(-1.6 - 0.8 * c.settings.fill, 2.2 - 1.2 * c.settings.fill, field)
    return tone, 0.35 + 0.35 * tone


def cracks(c: Canvas) -> Pair:
    """Dried earth: plates with dark gaps of changing width and finer cracks in the plates."""
    bend = 0.09 * c.cell
    x, y = c.x + np.float32(bend) * c.fbm(0.8, 1.6), c.y + np.float32(bend) * c.fbm(0.8, 1.6)
    coarse = voronoi(c.rng, x, y, (max(2, c.rows // 2), max(2, c.columns // 2)), 0.95)
    fine = voronoi(c.rng, x, y, (c.rows, c.columns), 0.95)
    width = 0.025 + 0.1 * (1 - c.settings.fill)
    gap = 1 - c.edge(np.asarray(coarse.border / c.cell - width * (1 + 0.3 * c.fbm(2.0)), np.float32))
    hair = (1 - c.edge(np.asarray(fine.border / c.cell - 0.4 * width, np.float32))) * (fine.each(c.rng) < 0.6)  # noqa: PLR2004
    tone = 0.62 + 0.22 * (coarse.each(c.rng) - 0.5) + 0.06 * c.fbm(1.5)
    tone = tone * (1 - gap) * (1 - 0.6 * hair) + 0.05 * gap
    plate = smooth(width, width + 0.25, coarse.border / np.float32(c.cell))
    return np.asarray(tone, np.float32), np.asarray((0.25 + 0.5 * plate) * (1 - gap) - 0.15 * hair, np.float32)


def grain(c: Canvas) -> Pair:
    """Sand, concrete, paper: fine grains with a few dark and light specks."""
    wave = max(2.2, 0.22 * c.cell)
    base = spectral(c.rng, c.size, (wave, wave), 1.3)
    specks = band(c.rng, c.size, wave * 1.5)
    tone = 0.55 + 0.09 * base + 0.05 * c.fbm(3.0)
    tone = tone - 0.35 * smooth(2.4 - 0.8 * c.settings.fill, 2.9, specks) + 0.3 * smooth(2.2, 2.7, -specks)
    return np.asarray(tone, np.float32), 0.5 + 0.12 * base


def rust(c: Canvas) -> Pair:
    """Paint that peels: smooth where it holds, pitted and dark where rust came through."""
    field = c.fbm(3.5, 1.5)
    cut = float(np.quantile(field, 0.9 - 0.75 * c.settings.fill))
    bare = smooth(cut - 0.06, cut + 0.06, field)
    rim = np.exp(-(((field - cut) / 0.16) ** 2)).astype(np.float32)
    pits = spectral(c.rng, c.size, (4.0, 4.0), 1.0)
    scab = c.fbm(0.8, 1.2)
    tone = (1 - bare) * (0.82 + 0.03 * c.fbm(2.0)) + bare * (0.36 + 0.1 * scab + 0.06 * pits) - 0.18 * rim * bare
    height = (1 - bare) * 0.72 + bare * (0.4 + 0.1 * scab + 0.08 * pits) + 0.12 * rim * (1 - bare)
    return np.asarray(tone, np.float32), np.asarray(height, np.float32)


def moss(c: Canvas) -> Pair:
    """Clumps of small tufts with dark hollows between them."""
    clump = smooth(-1.4, 1.6, c.fbm(1.3, 1.4))
    tufts = band(c.rng, c.size, max(3.2, 0.3 * c.cell))
    fine = spectral(c.rng, c.size, (3.0, 3.0), 0.9)
    hollow = smooth(0.6 - 2.0 * c.settings.fill, 1.4 - 2.0 * c.settings.fill, c.fbm(1.0, 1.5))
    light: Field = 0.16 + 0.42 * clump + 0.12 * tufts + 0.07 * fine
    tone = light * (0.35 + 0.65 * hollow)
    return np.asarray(tone, np.float32), np.asarray(hollow * (0.35 + 0.4 * clump + 0.1 * tufts) + 0.08, np.float32)
