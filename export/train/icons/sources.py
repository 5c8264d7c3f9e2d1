"""The icon sets that are learned from: where each lives on npm, its licence, and how it is told apart as a style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Source:
    """One set: its npm package, its licence as SPDX writes it, whom to thank, and the grid it is drawn on."""

    id: str
    title: str
    package: str
    licence: str
    holder: str
    grid: int = 24


SOURCES: Final = (
    Source("tabler", "Tabler Icons", "@tabler/icons", "MIT", "Paweł Kuna"),
    Source("lucide", "Lucide", "lucide-static", "ISC", "Lucide contributors; Cole Bemis (Feather, MIT)"),
    Source("lucide-lab", "Lucide Lab", "@iconify-json/lucide-lab", "ISC", "Lucide contributors"),
    Source("akar-icons", "Akar Icons", "@iconify-json/akar-icons", "MIT", "Arturo Wibawa"),
    Source("humbleicons", "Humbleicons", "@iconify-json/humbleicons", "MIT", "Jiří Zralý"),
    Source("majesticons", "Majesticons", "@iconify-json/majesticons", "MIT", "Gerrit Halfmann"),
    Source("heroicons", "Heroicons", "@iconify-json/heroicons", "MIT", "Refactoring UI Inc."),
    Source("mynaui", "Myna UI Icons", "@iconify-json/mynaui", "MIT", "Praveen Juge"),
    Source("iconoir", "Iconoir", "@iconify-json/iconoir", "MIT", "Luca Burgio"),
    Source("hugeicons", "Huge Icons (free set)", "@iconify-json/hugeicons", "MIT", "Hugeicons"),
    Source("icon-park", "IconPark Outline", "@iconify-json/icon-park-outline", "Apache-2.0", "ByteDance", 48),
)

STROKE: Final = 2.0
"""Every set is drawn with this stroke width on a grid of 24, with round ends: one hand for all."""
