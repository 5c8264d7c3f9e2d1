"""The numbers every step of the recipe shares: characters and the frame of one distance field."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&?!.,:;'\"()-/@#%+=*$"
"""Index in this string = condition value of the decoder."""

SIZE: Final = 128
"""Width and height of a field, in field pixels."""

CAP_HEIGHT: Final = 66.0
"""Height of the letter H, in field pixels: every face is scaled to it."""

BASELINE: Final = 96.0
"""Row of the baseline, counted in pixel edges from the top."""

ORIGIN: Final = 20.0
"""Column of the pen origin, counted in pixel edges from the left."""

SPREAD: Final = 10.0
"""Distance in field pixels that the value 1.0 stands for; positive is inside (ink)."""

OVERSAMPLE: Final = 4
"""Bitmaps are drawn this many times finer than the field before distances are measured."""

SPACE_ADVANCE_FALLBACK: Final = 0.36
"""Advance of the space in cap heights when a face has none."""
