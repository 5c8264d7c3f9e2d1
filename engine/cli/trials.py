"""A real test render on each device: the only proof that it works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.api import Device
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.errors import AtelierError

_WORDS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider", "directml": "DmlExecutionProvider"}


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


def devices() -> tuple[Device, ...]:
    """What each provider says. Raises AtelierError when no engine starts."""
    with BlockingEngine() as engine:
        return engine.devices()


def trial(device: Device, folder: Path | None) -> Trial:
    """Render with the package in `folder` on `device`, the second of two pictures timed."""
    if device.actual != _WORDS.get(device.requested, device.actual):
        return Trial(device, why=device.why or f"{device.actual} answered instead")
    if folder is None:
        return Trial(device, why="there is no model to render with")
    try:
        with BlockingEngine(EngineClient(EngineOptions(provider=device.requested))) as engine:
            recipe = engine.open(str(folder)).default_recipe()
            engine.render(recipe)
            asset = engine.render(recipe)
    except AtelierError as error:
        return Trial(device, why=str(error), failed=True)
    if asset.provider != device.actual:
        return Trial(device, why=f"{device.actual} was there, the picture came from {asset.provider}", failed=True)
    return Trial(device, asset.total_ms, asset.model_ms, device.why)
