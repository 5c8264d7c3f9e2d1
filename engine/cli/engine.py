"""The engine as the verbs use it: one child per `with` block; a device other than the one asked for is announced."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.api import Device, PackageInfo
from engine.blocking import BlockingEngine
from engine.cancel import CancelToken
from engine.cli.console import Console
from engine.client import EngineClient, EngineOptions


@contextmanager
def engine_for(given: argparse.Namespace) -> Iterator[BlockingEngine]:
    """A started engine with the device that --provider, --threads and --memory ask for."""
    options = EngineOptions(provider=given.provider, threads=given.threads, memory=given.memory)
    with BlockingEngine(EngineClient(options)) as engine:
        yield engine


def opened(engine: BlockingEngine, folder: Path, console: Console, cancel: CancelToken | None = None) -> PackageInfo:
    """Open a package; by then the device is known, and announced when it is not the one asked for."""
    info = engine.open(str(folder), cancel)
    announce(engine.client.last_device, console)
    return info


def announce(device: Device | None, console: Console) -> None:
    """Say on stderr when the model runs elsewhere than asked."""
    if device is not None and device.why:
        asked = "" if device.requested == "auto" else f"{device.requested} was asked for, "
        console.note(f"{asked}the model runs on {device.name}. {device.why}")
