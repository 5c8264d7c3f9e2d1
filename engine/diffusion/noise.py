"""Random numbers as PyTorch's CPU generator draws them, without PyTorch: a published seed gives the published picture.

The stream is MT19937 (Matsumoto and Nishimura 1998), whose seeding by one number numpy has frozen in `RandomState`. How
PyTorch turns it into normal numbers is in its `aten/src/ATen/native/cpu/DistributionTemplates.h`; the logarithms and
cosines there are vectorised, so that the last digit may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Normals = NDArray[np.float32]

_BLOCK = 16
_TURN = np.float32(2 * np.pi)
_PARALLEL = 0.9995


class Noise(Protocol):
    """Where a sampler gets its random numbers from."""

    def draw(self, shape: Sequence[int]) -> Normals:
        """Standard normal numbers float32 of that shape, the next of the stream."""
        ...


class TorchNormal:
    """`torch.Generator("cpu").manual_seed(seed)`; each draw is `torch.randn(shape, generator=it)`."""

    def __init__(self, seed: int) -> None:
        """`seed` 0 .. 2**64 - 1; as in PyTorch only its low 32 bits count."""
        self._stream = np.random.RandomState(seed & 0xFFFFFFFF)
        self._kept: float | None = None      # the second of a pair, for the next small draw

    def draw(self, shape: Sequence[int]) -> Normals:
        """Standard normal numbers float32 of that shape, the next of the stream."""
        count = int(np.prod(shape, dtype=np.int64))
        numbers = self._many(count) if count >= _BLOCK else self._few(count)
        return numbers.reshape(tuple(shape))

    def _words(self, count: int) -> NDArray[np.uint32]:
        """The next numbers of the Mersenne Twister, 32 bits each."""
        return self._stream.randint(0, 1 << 32, count, dtype=np.uint32)

    def _many(self, count: int) -> Normals:
        """Sixteen or more: whole blocks; what is over is filled by a last block drawn anew."""
        uniforms = self._uniforms(count)
        whole = count - count % _BLOCK
        numbers = np.empty(count, np.float32)
        numbers[:whole] = _box_muller(uniforms[:whole])
        if whole != count:
            numbers[-_BLOCK:] = _box_muller(self._uniforms(_BLOCK))
        return numbers

    def _uniforms(self, count: int) -> NDArray[np.float32]:
        """In [0, 1): the low 24 bits of each word."""
        return (self._words(count) & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)

    def _few(self, count: int) -> Normals:
        """Fewer than sixteen: one by one in double precision, in pairs of which the second is kept for later."""
        return np.array([self._one() for _ in range(count)], np.float32)

    def _one(self) -> float:
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        turn, depth = self._double(), self._double()
        radius = np.sqrt(-2.0 * np.log1p(-depth))
        self._kept = float(radius * np.sin(2.0 * np.pi * turn))
        return float(radius * np.cos(2.0 * np.pi * turn))

    def _double(self) -> float:
        """In [0, 1): 53 bits of two words, the first of them on top."""
        high, low = (int(word) for word in self._words(2))
        return float(((high << 32 | low) & ((1 << 53) - 1)) * 2.0**-53)


def _box_muller(uniforms: NDArray[np.float32]) -> Normals:
    """Of each block of 16 the first half are lengths and the second angles; cosines, then sines (Box, Muller 1958)."""
    blocks = uniforms.reshape(-1, 2, _BLOCK // 2)
    # Double precision, rounded once: as near as one comes to whatever polynomial the original was compiled with.
    length = np.sqrt(-2.0 * np.log((np.float32(1) - blocks[:, 0]).astype(np.float64)))
    angle = (blocks[:, 1] * _TURN).astype(np.float64)
    return np.stack((length * np.cos(angle), length * np.sin(angle)), axis=1).astype(np.float32).reshape(-1)


def slerp(one: Normals, other: Normals, amount: float) -> Normals:
    """From `one` (0) to `other` (1) along the great circle: the length of noise, which a straight line would shorten.

    Nearly parallel noises are mixed in a straight line. (Shoemake 1985)
    """
    first, second = one.astype(np.float64), other.astype(np.float64)
    lengths = float(np.linalg.norm(first)) * float(np.linalg.norm(second))
    cosine = float(np.sum(first * second)) / max(lengths, 1e-12)
    if abs(cosine) > _PARALLEL:
        return (first + amount * (second - first)).astype(np.float32)
    angle = np.arccos(cosine)
    mixed = np.sin((1 - amount) * angle) * first + np.sin(amount * angle) * second
    return np.asarray(mixed / np.sin(angle), np.float32)


class Varied:
    """A seed's noise, part of the way to that of another seed: the first draw is mixed, later ones are the seed's."""

    def __init__(self, seed: int, other: int, amount: float) -> None:
        """`amount` 0 (the seed alone) .. 1 (the other seed's beginning)."""
        self._own = TorchNormal(seed)
        self._other = TorchNormal(other)
        self._amount = amount

    def draw(self, shape: Sequence[int]) -> Normals:
        """Standard normal numbers float32 of that shape, the next of the stream."""
        numbers = self._own.draw(shape)
        if self._amount:
            numbers = slerp(numbers, self._other.draw(shape), self._amount)
            self._amount = 0.0
        return numbers
