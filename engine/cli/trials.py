"""A real test render on each device: the only proof that it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.api import ControlKind, Device, PackageInfo, Recipe
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.errors import AtelierError

_WORDS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider", "directml": "DmlExecutionProvider"}
_FEW = 3


@dataclass(frozen=True)
class Trial:
    """What became of one device: milliseconds of a warm render, or why there are none."""

    device: Device
    total_ms: float | None = None
    model_ms: float | None = None
    why: str = ""
    failed: bool = False

    def row(self) -> tuple[str, str, str, str]:
        """For the table."""
        told = f"{self.total_ms:.1f} ms (model {self.model_ms:.1f} ms)" if self.total_ms is not None else "-"
        return (self.device.requested, self.device.actual or "-", self.device.name, told)

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {"requested": self.device.requested, "actual": self.device.actual, "name": self.device.name,
                "why": self.why, "failed": self.failed, "total_ms": self.total_ms, "model_ms": self.model_ms}


def devices() -> tuple[tuple[Device, ...], Device | None]:
    """What each provider says, and the one used when nothing is asked for. Raises AtelierError without an engine."""
    with BlockingEngine() as engine:
        return engine.devices(), engine.client.last_device


def trial(device: Device, folders: Sequence[Path]) -> Trial:
    """Render on `device` with the first package that can, among a few: one bad model does not condemn a device."""
    if device.actual != _WORDS.get(device.requested, device.actual):
        return Trial(device, why=device.why or f"{device.actual} answered instead")
    tried = Trial(device, why="there is no model to render with")
    for folder in folders[:_FEW]:
        tried = _render(device, folder)
        if not tried.failed:
            break
    return tried


def _render(device: Device, folder: Path) -> Trial:
    """Two pictures with one package; the second is timed, the first one warms up."""
    try:
        with BlockingEngine(EngineClient(EngineOptions(provider=device.requested))) as engine:
            info = engine.open(str(folder))
            first = engine.render(info.default_recipe()).recipe
            asset = engine.render(_another(info, first))
    except AtelierError as error:
        return Trial(device, why=str(error), failed=True)
    if asset.provider != device.actual:
        return Trial(device, why=f"{device.actual} was there, the picture came from {asset.provider}", failed=True)
    return Trial(device, asset.total_ms, asset.model_ms, device.why)


def _another(info: PackageInfo, recipe: Recipe) -> Recipe:
    """A recipe that is not already on the table, where the package has a seed."""
    seeds = {control.name: 1 for control in info.controls if control.kind is ControlKind.SEED}
    return recipe.with_values(seeds)
