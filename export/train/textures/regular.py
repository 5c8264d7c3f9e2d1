"""Materials with a lattice: bricks, tiles, hexagons, cloth, stripes, waves, scales, dots: tone and height of each."""

from __future__ import annotations

import numpy as np

from export.train.textures.canvas import Canvas
from export.train.textures.classes import Field
from export.train.textures.noise import smooth, voronoi

Pair = tuple[Field, Field]
"""Tone and height, about 0..1."""

TAU = 2 * np.pi


def _joint(c: Canvas) -> float:
    """Half the width of a joint, in cells."""
    return 0.03 + 0.11 * (1 - c.settings.fill)


def _block(x: Field, y: Field, half: tuple[float, float], corner: float) -> Field:
    """Distance inside a rounded rectangle around 0, in its own unit."""
    qx, qy = np.abs(x) - (half[0] - corner), np.abs(y) - (half[1] - corner)
    outside = np.hypot(np.maximum(qx, 0), np.maximum(qy, 0))
    return np.asarray(corner - outside - np.minimum(np.maximum(qx, qy), 0), np.float32)


def brick(c: Canvas) -> Pair:
    """Courses of bricks twice as long as high, every second one shifted; light mortar."""
    row = np.floor(c.v)
    along = (c.u + np.mod(row, 2)) / 2
    column = np.floor(along)
    joint = _joint(c)
    inside = _block((along - column) * 2 - 1, c.v - row - 0.5, (1 - joint, 0.5 - joint), 0.08)
    body = c.edge(inside)
    own = c.each(row, column, c.columns // 2)
    tone = body * (0.22 + 0.42 * own + 0.04 * c.fbm(1.0)) + (1 - body) * 0.93
    height = body * (0.62 + 0.2 * own) * smooth(-0.02, 0.12, inside) + 0.12
    return tone, height


def tiles(c: Canvas) -> Pair:
    """Square tiles with slightly different glazes; light joints, soft edges."""
    row, column = np.floor(c.v), np.floor(c.u)
    joint = _joint(c) * 0.8
    inside = _block(c.u - column - 0.5, c.v - row - 0.5, (0.5 - joint, 0.5 - joint), 0.06)
    body = c.edge(inside)
    own = c.each(row, column, c.columns)
    tone = body * (0.3 + 0.35 * own + 0.05 * c.fbm(0.8)) + (1 - body) * 0.9
    return tone, body * smooth(-0.02, 0.1, inside) * (0.7 + 0.08 * own) + 0.1


def hexagons(c: Canvas) -> Pair:
    """Regular hexagons with light joints."""
    found = voronoi(c.rng, c.x, c.y, (c.honeycomb, c.columns), 0.0, staggered=True)
    inside = found.border / c.cell - _joint(c)
    body = c.edge(inside)
    own = found.each(c.rng)
    tone = body * (0.18 + 0.55 * own) + (1 - body) * 0.93
    return tone, body * smooth(-0.02, 0.12, inside) * (0.68 + 0.15 * own) + 0.1


def weave(c: Canvas) -> Pair:
    """Flat strands over and under one another, light across and dark down."""
    row, column = np.floor(c.v), np.floor(c.u)
    across = np.mod(row + column, 2) < 1
    fu, fv = c.u - column, c.v - row
    side, along = np.where(across, fv, fu), np.where(across, fu, fv)
    half = 0.34 + 0.14 * c.settings.fill
    body = c.edge(np.asarray(half - np.abs(side - 0.5), np.float32))
    bulge = np.sin(np.pi * along) ** 0.6
    threads = 0.5 + 0.5 * np.cos(TAU * 3 * (side - 0.5))
    tone = body * (np.where(across, 0.66, 0.36) + 0.16 * (bulge - 0.6) + 0.12 * (threads - 0.5)) + (1 - body) * 0.06
    round_ = np.sqrt(np.maximum(1 - ((side - 0.5) / 0.5) ** 2, 0))
    return np.asarray(tone, np.float32), np.asarray(body * round_ * (0.35 + 0.5 * bulge) + 0.08, np.float32)


def knit(c: Canvas) -> Pair:
    """Columns of V-shaped stitches."""
    column = np.floor(c.u)
    off = np.abs(c.u - column - 0.5)
    phase = c.v - 1.1 * off
    f = phase - np.floor(phase)
    half = 0.36 + 0.12 * c.settings.fill
    strand = c.edge(np.asarray(half - np.abs(f - 0.5), np.float32))
    round_ = np.sqrt(np.maximum(1 - ((f - 0.5) / 0.52) ** 2, 0)) * np.sin(np.pi * np.clip(off / 0.5, 0.02, 0.98)) ** 0.5
    fibre = 0.5 + 0.5 * np.cos(TAU * (3 * f + 2 * off))
    tone = strand * (0.3 + 0.5 * round_ + 0.1 * (fibre - 0.5)) + (1 - strand) * 0.08
    return np.asarray(tone, np.float32), np.asarray(strand * round_ * 0.85 + 0.08, np.float32)


def _band(c: Canvas, phase: Field, share: float) -> Field:
    """1 in that share of each turn of `phase` around its middle; one pixel of blend."""
    f = phase - np.floor(phase)
    return c.edge(np.asarray(share / 2 - np.abs(f - 0.5), np.float32) * 2)


def plaid(c: Canvas) -> Pair:
    """Tartan: wide and narrow bands across and down, laid over one another in a twill."""
    share = 0.3 + 0.35 * c.settings.fill
    levels = []
    for phase in (c.u / 2, c.v / 2):
        wide, narrow = _band(c, phase, share), _band(c, phase + 0.5, 0.1)
        levels.append(0.75 - 0.5 * wide + 0.2 * narrow * (1 - wide))
    twill = np.asarray(0.5 + 0.5 * np.cos(TAU * 4 * (c.u + c.v)), np.float32)
    tone = 0.5 * (levels[0] + levels[1]) + 0.16 * (twill - 0.5) * (0.3 + np.abs(levels[0] - levels[1]))
    return tone, 0.45 + 0.2 * twill


def stripes(c: Canvas) -> Pair:
    """Wide stripes with a thin companion between them."""
    wide = _band(c, c.v / 2, 0.25 + 0.4 * c.settings.fill)
    thin = _band(c, c.v / 2 + 0.5, 0.08)
    tone = 0.88 - 0.7 * wide - 0.38 * thin * (1 - wide)
    return tone, 0.45 + 0.25 * wide


def zigzag(c: Canvas) -> Pair:
    """Chevrons."""
    f = c.u / 2 - np.floor(c.u / 2)
    phase = (c.v + 2 * np.abs(f - 0.5)) / 2
    dark = _band(c, np.asarray(phase, np.float32), 0.25 + 0.5 * c.settings.fill)
    return 0.85 - 0.65 * dark, 0.4 + 0.3 * dark


def waves(c: Canvas) -> Pair:
    """Parallel wavy lines."""
    phase = np.asarray(c.v + 0.38 * np.sin(np.pi * c.u), np.float32)
    crest = 0.5 + 0.5 * np.cos(TAU * phase)
    line = smooth(0.75 - 0.55 * c.settings.fill, 1.0 - 0.35 * c.settings.fill, np.asarray(crest, np.float32))
    return 0.85 - 0.65 * line, 0.2 + 0.6 * np.asarray(crest, np.float32)


def scales(c: Canvas) -> Pair:
    """Half-round scales that overlap like roof tiles, each lighter towards its rim."""
    tone: Field = np.zeros(c.size, np.float32)
    height: Field = tone
    top = np.floor(2 * c.v)
    for step in (1, 0, -1):             # the lower row is drawn first, the upper row lies over it
        row = top + step
        along = c.u + 0.5 * np.mod(row, 2)
        column = np.floor(along)
        down = c.v - row / 2
        far = np.hypot(along - column - 0.5, np.maximum(down, 0))
        inside = np.where(down > 0, 0.5 - far, 0.5).astype(np.float32)
        body = c.edge(inside)
        rim = smooth(0.0, 0.06 + 0.1 * (1 - c.settings.fill), inside)
        own = c.each(row, column, c.columns)
        reach = np.clip(down + 0.1, 0, 0.6) / 0.6
        tone = tone * (1 - body) + body * (0.08 + rim * (0.16 + 0.18 * own + 0.45 * reach))
        height = height * (1 - body) + body * rim * (0.15 + 0.7 * reach)
    return np.asarray(tone, np.float32), np.asarray(height, np.float32)


def dots(c: Canvas) -> Pair:
    """Polka dots, every second row shifted."""
    row = np.floor(c.v)
    along = c.u + 0.5 * np.mod(row, 2)
    far = np.hypot(along - np.floor(along) - 0.5, c.v - row - 0.5)
    inside = np.asarray(0.14 + 0.3 * c.settings.fill - far, np.float32)
    body = c.edge(inside)
    return 0.18 + 0.68 * body, 0.3 + 0.45 * body * smooth(0, 0.2, inside)
