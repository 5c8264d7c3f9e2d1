"""Packages of every diffusion layout, made once a file and opened when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from tests.fakes.diffusion_opened import Open, Opened
from tests.fakes.layouts import folder_of


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The package of a layout, made when it is first asked for."""
    made: dict[str, Path] = {}

    def package(name: str) -> Path:
        if name not in made:
            root = tmp_path_factory.mktemp(name)
            pipeline = pipeline_of(folder_of(root / "folder", name))
            assert pipeline is not None
            make_pipeline(pipeline, Label(name, name, "For tests.", "CC0-1.0", ""), root / "package")
            made[name] = root / "package"
        return made[name]

    return package


@pytest.fixture(scope="module")
def opened(packages: Callable[[str], Path]) -> Iterator[Open]:
    models: dict[str, Opened] = {}

    def model(name: str = "optimum") -> Opened:
        if name not in models:
            models[name] = Opened(packages(name))
        return models[name]

    yield model
    for one in models.values():
        one.model.close()
