"""The child's hands: opens packages, renders recipes with the package's family, writes files. Tests have their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Device, PackageInfo, Plan, Recipe, Value
from engine.controls import check_recipe
from engine.errors import FileProblem, PackageError
from engine.meaning import SEARCH_ENCODER
from engine.options import folder_bytes
from engine.pacing import WORTH_KEEPING_S, Paces, StepClock
from engine.paths import bundled_encoders_folder
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.families.base import Model
    from engine.families.base_prompt import PromptEncoder
    from engine.packages.parts import Prompt
    from engine.runtime.providers import Runtime


@dataclass(frozen=True)
class Filed:
    """A file that was written: size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Found:
    """Where a picture lies in a latent space; see `engine.messages.Encoded`."""

    values: Mapping[str, Value]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    figures: Mapping[str, float]
    notes: tuple[str, ...] = ()


class Hands(Protocol):
    """What the server needs from a workshop; each method raises `AtelierError` for the world's faults."""

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """Import the runtime and choose the device; also versions by name."""
        ...

    def open(self, folder: str) -> PackageInfo:
        """Verify and load a package; a package of the same name and digest is replaced."""
        ...

    def render(self, recipe: Recipe, progress: ProgressSink, *, draft: bool = False) -> Asset:
        """Make the asset of a recipe whose package is open; a `draft` may be quicker and smaller, and says so."""
        ...

    def encode(self, recipe: Recipe, path: str, progress: ProgressSink) -> Found:
        """Read a picture and find its latent point in the recipe's package."""
        ...

    def write(self, asset: Asset, path: str, *, overwrite: bool, retried: bool, card: int | None = None) -> Filed:
        """Encode and write, atomically, with provenance; of texts perhaps one card. Called on the writer thread.

        `retried`: another engine may have written the file already; then exactly these bytes under that name are fine.
        """
        ...

    def consider(self, recipe: Recipe) -> Plan:
        """What a run of the recipe would be. May be asked between two steps of another run."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [texts, dim] of what texts mean. May be asked between two steps of a run."""
        ...

    def look(self, path: str, longest: int) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """The picture in a file, uint8 [height, width, 3 | 4], at most `longest` long, and its own size."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """Try every provider."""
        ...


TOO_MUCH_TO_READ = 256 << 20
"""Packages of so many bytes are not read whole at each opening, if nothing changed since they were."""


def already_there(path: Path, data: bytes) -> bool:
    """Whether `path` holds exactly `data` (never true for no data)."""
    try:
        return bool(data) and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


class Workshop:
    """The real hands: packages, families, ONNX Runtime, writers."""

    def __init__(self, provider: str, threads: int | None, memory: int | None = None) -> None:
        """Nothing heavy happens before `prepare`; `memory` in MB."""
        self._choices = {"provider": provider, "threads": threads, "memory": memory}
        self._runtime: Runtime | None = None
        self._paces = Paces("")
        self._encoder: PromptEncoder | None = None
        self._models: dict[tuple[str, str], tuple[PackageInfo, Model]] = {}
        self._checked: Recipe | None = None      # the last good recipe: a drag changes one value of many

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """Import ONNX Runtime and choose the device."""
        from engine.runtime.providers import Options, Runtime

        self._runtime = Runtime(msgspec.convert(self._choices, Options))
        self._paces = Paces(f"{self._runtime.device.actual}, {self._runtime.options.cpu_threads()}")
        return self._runtime.device, {**self._runtime.versions(), "numpy": np.__version__}

    def open(self, folder: str) -> PackageInfo:
        """Verify every file, then load the graphs."""
        from engine.families.registry import family_of
        from engine.packages.describe import info_of
        from engine.packages.verify import verified

        opened = verified(Path(folder), full=folder_bytes(folder) < TOO_MUCH_TO_READ)
        info = info_of(opened)
        model = family_of(opened.manifest, folder).open(Path(folder), opened.manifest, self._ready())
        before = self._models.pop((info.id, info.digest), None)
        if before is not None:
            before[1].close()
        self._models[info.id, info.digest] = info, model
        return info

    def render(self, recipe: Recipe, progress: ProgressSink, *, draft: bool = False) -> Asset:
        """Check the recipe against the package's controls and make the asset."""
        from engine.families.base import Drafting

        info, model = self._model(recipe)
        known = self._checked if self._checked is not None and self._checked.digest == info.digest else None
        checked = self._checked = check_recipe(info, recipe, known)
        if draft and info.drafts and isinstance(model, Drafting):
            return model.draft(checked, progress)
        if info.live:
            return model.render(checked, progress)
        clock = StepClock(self._paces.about(checked))
        asset = model.render(checked, clock.sink(progress))
        if clock.seconds > WORTH_KEEPING_S:
            stretches = clock.stretches(_plan(model, checked).steps)
            if stretches is not None and stretches.steps > 0:
                self._paces.learn(checked, stretches)
        return asset

    def encode(self, recipe: Recipe, path: str, progress: ProgressSink) -> Found:
        """Read the picture as the package's encoder wants it, and compare it with what the model makes of its point."""
        from engine.families.base import Encoding
        from engine.readers.pictures import read_picture, resized
        from engine.resemblance import figures

        info, model = self._model(recipe)
        checked = check_recipe(info, recipe)
        if not info.encodes or not isinstance(model, Encoding):
            raise PackageError(f"The model “{info.name}” has no encoder, so it cannot look at a picture.",
                               "Choose a model with an encoder, for example one converted from a VAE.", info.id)
        picture = read_picture(Path(path), model.sight.width, model.sight.height, model.sight.channels)
        progress.check()
        values, after = model.encode(checked, picture.pixels, progress)
        after = resized(after, model.sight.width, model.sight.height)
        return Found(values, picture.pixels, after, figures(picture.pixels, after), picture.notes)

    def write(self, asset: Asset, path: str, *, overwrite: bool, retried: bool, card: int | None = None) -> Filed:
        """Encode with provenance and write."""
        from engine.writers.files import encode_asset, write_asset

        info, _ = self._model(asset.recipe)
        try:
            written = write_asset(asset, Path(path), info, overwrite=overwrite, card=card)
        except FileProblem:
            data = encode_asset(asset, Path(path), info, card) if retried else b""
            if not already_there(Path(path), data):
                raise
            return Filed(len(data), hashlib.sha256(data).hexdigest())
        return Filed(written.bytes, written.sha256)

    def consider(self, recipe: Recipe) -> Plan:
        """The family's plan; its seconds from what was learned, where the family does not say."""
        info, model = self._model(recipe)
        checked = check_recipe(info, recipe)
        plan = _plan(model, checked)
        return plan if plan.seconds is not None else replace(plan, seconds=self._paces.seconds(checked, plan.steps))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """By the prompt encoder that comes with the program, loaded when it is first asked."""
        if self._encoder is None:
            from engine.families.base_prompt import open_prompt_encoder

            self._encoder = open_prompt_encoder(_bundled_encoder(), self._ready())
        return self._encoder.embed(texts)

    def look(self, path: str, longest: int) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """As the readers see it."""
        from engine.readers.pictures import read_whole

        return read_whole(Path(path), max(1, longest))

    def devices(self) -> tuple[Device, ...]:
        """Try every provider."""
        from engine.runtime.providers import devices

        return devices(self._ready().options)

    def _ready(self) -> Runtime:
        if self._runtime is None:
            raise RuntimeError("prepare() comes first")
        return self._runtime

    def _model(self, recipe: Recipe) -> tuple[PackageInfo, Model]:
        known = self._models.get((recipe.package, recipe.digest))
        if known is not None:
            return known
        if any(package == recipe.package for package, _ in self._models):
            raise PackageError(f"The recipe was made with another version of “{recipe.package}” than the open one.",
                               "Add that version of the package, or set the values with this one.", recipe.package)
        raise PackageError(f"The package “{recipe.package}” is not open.", "Open it first.", recipe.package)


def _bundled_encoder() -> Prompt:
    """The encoder for searching. Raises PackageError when it is damaged."""
    from engine.packages.manifest import read_manifest
    from engine.packages.parts import Prompt

    opened = read_manifest(bundled_encoders_folder() / SEARCH_ENCODER)
    embedding = opened.manifest.embedding
    if embedding is None:
        raise PackageError("The prompt encoder of this program is not one.", "Install Latent Atelier again.",
                           str(opened.folder))
    return Prompt(SEARCH_ENCODER, opened.digest, embedding.dim)


def _plan(model: Model, recipe: Recipe) -> Plan:
    """What the model says of a run; nothing where its family plans nothing."""
    from engine.families.base import Planning

    return model.plan(recipe) if isinstance(model, Planning) else Plan()
