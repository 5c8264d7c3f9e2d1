"""The engine as the verbs use it: one child per `with` block; a device other than the one asked for is announced."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from engine.api import Device
from engine.blocking import BlockingEngine
from engine.cli.console import Console
from engine.client import EngineClient, EngineOptions


@contextmanager
def engine_for(given: argparse.Namespace, console: Console) -> Iterator[BlockingEngine]:
    """A started engine with the device that --provider and --threads ask for."""
    options = EngineOptions(provider=given.provider, threads=given.threads)
    with BlockingEngine(EngineClient(options)) as engine:
        announce(engine.client.last_device, console)
        yield engine


def announce(device: Device | None, console: Console) -> None:
    """Say on stderr when the model runs elsewhere than asked."""
    if device is not None and device.why and device.requested != "auto":
        console.note(f"{device.requested} was asked for, the model runs on {device.name}: {device.why}")
