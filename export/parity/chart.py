"""The bars of the report: errors on a logarithmic scale, drawn as plain SVG that follows the page's colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from export.parity import words

LOWEST, HIGHEST = -9, 0
"""Powers of ten at both ends of the scale."""
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 910.0, 230.0, 84.0, 26.0, 22.0


@dataclass(frozen=True)
class Bar:
    """One error: its name, its size over the range, what is allowed (None: judged by something else)."""

    name: str
    value: float | None
    allowed: float | None


def error_chart(bars: Sequence[Bar], title: str) -> str:
    """An SVG with a row for each bar; `title` is what a screen reader says."""
    height = _TOP + _ROW * len(bars) + 6
    lines = [f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-label="{escape(title)}">']
    for power in range(LOWEST, HIGHEST + 1):
        x = _across(10.0**power)
        label = "1" if power == 0 else "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        lines.append(f'<line class="grid" x1="{x:.1f}" y1="{_TOP:g}" x2="{x:.1f}" y2="{height - 4:g}"/>'
                     f'<text x="{x:.1f}" y="12" text-anchor="middle">{label}</text>')
    for index, bar in enumerate(bars):
        lines += _row(bar, _TOP + _ROW * index)
    return "".join([*lines, "</svg>"])


def _row(bar: Bar, top: float) -> list[str]:
    """Name, rail, bar, mark of what is allowed, number."""
    middle = top + _ROW / 2
    known = bar.value is not None and math.isfinite(bar.value)
    value = bar.value if bar.value is not None and known else 10.0**HIGHEST
    good = known and (bar.allowed is None or value <= bar.allowed)
    end = _across(value)
    shape = f'x="{_LEFT:g}" y="{middle - 5:g}" width="{max(end - _LEFT, 2):.1f}" height="10" rx="2"'
    found = [f'<text class="name" x="0" y="{middle + 4:g}">{escape(_short(bar.name))}</text>',
             f'<rect class="{"good" if good else "bad"}" {shape}/>',
             f'<text x="{_WIDTH:g}" y="{middle + 4:g}" text-anchor="end">{words.number(bar.value)}</text>']
    if bar.allowed is not None:
        x = _across(bar.allowed)
        found.append(f'<line class="limit" x1="{x:.1f}" y1="{middle - 9:g}" x2="{x:.1f}" y2="{middle + 9:g}"/>')
    return found


def _across(value: float) -> float:
    """Where a value lies on the scale, from left to right."""
    power = min(max(math.log10(value), LOWEST), HIGHEST) if value > 0 else LOWEST
    return _LEFT + (power - LOWEST) / (HIGHEST - LOWEST) * (_WIDTH - _LEFT - _RIGHT)


def _short(name: str) -> str:
    """At most thirty letters."""
    return name if len(name) <= 30 else name[:29] + "…"  # noqa: PLR2004 - the docstring says it
