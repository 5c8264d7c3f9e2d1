"""Sizes and times in words."""

from __future__ import annotations

_STEP = 1000
_MINUTE, _HOUR = 60, 3600


def size(count: int) -> str:
    """Bytes: "1.2 MB"."""
    number = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < _STEP:
            return f"{number:.0f} bytes" if unit == "bytes" else f"{number:.3g} {unit}"
        number /= _STEP
    return f"{number:.3g} TB"


def duration(seconds: float) -> str:
    """A time: "0.8 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < _MINUTE:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 - two digits are enough
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
