"""Two materials on one tile: where the second shows, and how both meet in their own colours, around the edges too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.diffusion.noise import TorchNormal
from engine.families.flow_phrases import Manner

Field = NDArray[np.float32]
"""[height, width]."""

Colors = NDArray[np.uint8]
"""[256, 3] sRGB, dark to light."""

_SALT: Final = 0x5EED
_WAVE: Final = 0.6            # longest patches, in sides of the tile that the network learned from
_SLOPE: Final = 1.7
_HOLLOWS, _OWN = 1.1, 0.5     # how much what grows seeks the hollows, and keeps its own outline
_SOFT: Final = 0.12
_FOOT, _SHADOW = 0.1, 0.35
_LIFT: Final = 0.1
_FEWER: Final = {Manner.FIGURE: 1.5, Manner.HOLLOWS: 1.3, Manner.TONES: 1.2, Manner.LINES: 1.7, Manner.VEINS: 2.6}
"""Prints and lines cover less than patches: the share asked for is taken to this power."""
_VEIN, _CALM = 1.1, 2.3       # length of veins in sides of the learned tile, and how smoothly they run
_PRINTED: Final = {Manner.FIGURE: 0.7, Manner.LINES: 0.7, Manner.VEINS: 0.7, Manner.TONES: 0.45}
_DEPTH: Final = 0.6
"""What takes its tones from the first material has them about there on its own palette, closer together."""


@dataclass(frozen=True)
class Cover:
    """Where the second material shows, 0..1, and how dark its shadow on the first is, 1 is none."""

    mask: Field
    shade: Field


def covered(base: Field, over: Field, share: float, manner: Manner, seed: int, wave: float) -> Cover:
    """The cover of `share` of the tile; `base` and `over` are tone and height [2, height, width] in 0..1.

    `wave` is the side of the tile that the network learned from: patches are that large at any size.
    """
    size = base.shape[1:]
    none = np.ones(size, np.float32)
    if share <= 0:
        return Cover(np.zeros(size, np.float32), none)
    noise = TorchNormal(seed ^ _SALT)
    if manner is Manner.VEINS:
        return Cover(_beyond(_veins(noise, size, wave), share ** _FEWER[manner]), none)
    if manner is not Manner.PATCHES:
        field = {Manner.FIGURE: over[1], Manner.HOLLOWS: -over[1], Manner.TONES: -base[0]}.get(manner, _lines(base))
        return Cover(_beyond(_eased(_eased(field)), share ** _FEWER[manner]), none)
    if share >= 1:
        return Cover(none, none)
    field = spectral(noise.draw(size), _WAVE * wave) - _HOLLOWS * _eased(_eased(base[1])) + _OWN * _eased(over[1])
    cut = np.float32(np.quantile(field, 1 - share))
    mask = _smooth(field, cut - _SOFT, cut + _SOFT)
    foot = np.exp(-np.square((field - cut + _SOFT) / np.float32(_FOOT)))
    return Cover(mask, np.asarray(1 - _SHADOW * foot * (1 - mask), np.float32))


def merged(base: Field, over: Field, cover: Cover, manner: Manner) -> Field:
    """Tone and height of both: what grows lies a little higher, what eats in lies lower."""
    mask = cover.mask
    tone = base[0] * cover.shade * (1 - mask) + _tones(base, over, mask, manner) * mask
    if manner is Manner.PATCHES:
        height = base[1] * (1 - mask) + np.minimum(over[1] + np.float32(_LIFT), 1) * mask
    else:
        height = np.minimum(base[1], over[1]) * mask + base[1] * (1 - mask) if manner is Manner.HOLLOWS else base[1]
    return np.asarray(np.stack((tone, height)), np.float32)


def colored(base: Field, over: Field, cover: Cover, manner: Manner, colors: tuple[Colors, Colors]) -> Field:
    """[height, width, 3] sRGB 0..255: each material in its own colours."""
    mask, shade = cover.mask[:, :, None], cover.shade[:, :, None]
    tone = _tones(base, over, cover.mask, manner)
    return np.asarray(_mapped(base[0], colors[0]) * shade * (1 - mask) + _mapped(tone, colors[1]) * mask, np.float32)


def spectral(white: Field, wave: float, slope: float = _SLOPE) -> Field:
    """White noise made smooth: waves of at most `wave` pixels, mean 0 and deviation 1; it closes at the edges."""
    height, width = white.shape
    radius = np.hypot(np.fft.fftfreq(height)[:, None] * wave, np.fft.rfftfreq(width)[None] * wave)
    gain = np.where(radius < 0.5, radius * 2, 1.0) / np.maximum(radius, 0.5) ** slope  # noqa: PLR2004 - the corner
    gain[0, 0] = 0
    field = np.fft.irfft2(np.fft.rfft2(white) * gain, s=white.shape)
    return np.asarray(field / (field.std() + 1e-9), np.float32)


def _lines(base: Field) -> Field:
    """High in veins and joints: they lie low, and their tone is far from most of the tile's."""
    low = (base[1].mean() - base[1]) / (base[1].std() + 1e-3)
    far = np.abs(base[0] - np.median(base[0])) / (base[0].std() + 1e-3)
    return np.asarray(low + far, np.float32)


def _veins(noise: TorchNormal, size: tuple[int, int], wave: float) -> Field:
    """High along the zero lines of smooth noise, coarse and fine ones, which thin out here and there."""
    found = np.full(size, -np.inf, np.float32)
    for long, behind in ((_VEIN, 0.0), (_VEIN / 2, 0.04)):
        line, thin = (spectral(noise.draw(size), long * wave, _CALM) for _ in range(2))
        found = np.maximum(found, -np.abs(line) * np.exp(0.6 * thin) - behind - 0.05 * np.maximum(thin, 0))
    return found


def _beyond(field: Field, share: float) -> Field:
    """1 on the highest `share` of the field, with an edge about two pixels wide."""
    if share >= 1:
        return np.ones_like(field)
    cut = np.float32(np.quantile(field, 1 - share))
    slope = np.float32(np.abs(np.diff(field, axis=1)).mean() + 1e-6)
    full = np.float32(np.quantile(field, 1 - share / 2))           # thin lines are whole in their middle
    return _smooth(field, cut - slope, np.minimum(cut + slope, np.maximum(full, cut)))


def _tones(base: Field, over: Field, mask: Field, manner: Manner) -> Field:
    """The second material's tones, or the first one's moved to where the second is itself: white on black is white."""
    if manner not in _PRINTED:
        return np.asarray(over[0], np.float32)
    mean = np.float32((base[0] * mask).sum() / (mask.sum() + 1e-6))
    return np.asarray(np.clip(_PRINTED[manner] + _DEPTH * (base[0] - mean), 0, 1), np.float32)


def _mapped(tone: Field, colors: Colors) -> Field:
    return np.asarray(colors[np.rint(np.clip(tone, 0, 1) * 255).astype(np.uint8)], np.float32)


def _smooth(value: Field, low: np.float32 | float, high: np.float32 | float) -> Field:
    """0 below `low`, 1 above `high`, Hermite between."""
    part = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def _eased(field: Field) -> Field:
    """Smoothed over three pixels, around the edges."""
    for axis in (0, 1):
        field = np.asarray((np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4, np.float32)
    return field
