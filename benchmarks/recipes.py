"""Recipes to measure with: the same model at ever new styles, so that nothing is answered from memory."""

from __future__ import annotations

from engine.api import ControlKind, PackageInfo, Recipe


def styles(info: PackageInfo, count: int, size: tuple[int, int] | None = None) -> list[Recipe]:
    """`count` recipes with different seeds, at `size` (pixels) or at the package's own."""
    seed = next(control.name for control in info.controls if control.kind is ControlKind.SEED)
    sized = {control.name: size for control in info.controls if control.kind is ControlKind.SIZE and size}
    plain = info.default_recipe()
    return [plain.with_values({seed: number, **sized}) for number in range(count)]
