"""A network class of one's own: imported from one's own code by name, never from a checkpoint, weights loaded strictly.

Only what the command line names is imported. What the class is given and which method draws is said in a JSON file.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import CheckpointError, ValueProblem
from export.adapters.base import Built, Detection, Part, Sizes, Slot
from export.adapters.custom_settings import Entry, Settings, Wanted, settings_of
from export.checkpoint.source import Checkpoint, ModelFolder, Source

_THEIRS = (TypeError, ValueError, RuntimeError, KeyError, AttributeError, IndexError, AssertionError)
_COUNTERS = "num_batches_tracked"
_SHOWN = 3
_PICTURE = 4


class Custom:
    """`module:Class` with its settings. Not in the registry: it is named by hand each time."""

    name = "custom"

    def __init__(self, arch: str, settings: Mapping[str, Any]) -> None:
        """`arch` is "module:Class". Raises ValueProblem for settings that are not understood."""
        self.arch = arch
        self.settings = settings_of(settings)
        module, _, self._class = arch.partition(":")
        self._module = module
        if not all(word.isidentifier() for word in [*module.split("."), self._class]):
            raise ValueProblem(f"“{arch}” is not of the form module:Class.",
                               "For a class Generator in mynet.py of this folder write --arch mynet:Generator.", "arch")

    def detect(self, source: Source) -> Detection | None:
        """What was said; nothing is imported for it."""
        weights = _weights(source)
        if weights is None:
            return None
        roles = ", ".join(self.settings.parts)
        reasons = (f"`{self.arch}` was named on the command line", f"it is to become {roles}")
        sizes = {name: value for name, value in self.settings.arguments.items() if isinstance(value, int | float | str)}
        return Detection(self.name, self.settings.family, f"{self._class}, a network of your own", reasons, sizes, 1.0)

    def build(self, source: Source, detection: Detection) -> Built:
        """The network's parts. Raises CheckpointError where class, arguments and weights do not fit together."""
        weights = _weights(source)
        if weights is None:
            raise CheckpointError("There is no single set of weights in this folder.", "Choose one file inside it.",
                                  str(source.path))
        network = self._network()
        _load(network, weights, self.settings.weights, self.arch)
        parts = tuple(_part(network, role, wanted, self.settings) for role, wanted in self.settings.parts.items())
        manifest = {**_manifest(parts, self.settings), **self.settings.manifest}
        note = f"The network was built by {self.arch}, which is your own code."
        return Built(parts, manifest, notes=(*detection.guesses, note))

    def _network(self) -> Any:
        """An instance of the class."""
        from torch import nn

        try:
            kind = getattr(importlib.import_module(self._module), self._class)
        except (ImportError, SyntaxError, AttributeError) as error:
            raise CheckpointError(f"“{self.arch}” could not be imported: {error}.",
                                  "Start the program in the folder that holds the module, and check both names.",
                                  self.arch) from error
        if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
            raise CheckpointError(f"“{self.arch}” is not a network class of PyTorch.",
                                  "Name a class that is derived from torch.nn.Module.", self.arch)
        try:
            return kind(**self.settings.arguments)
        except _THEIRS as error:
            raise CheckpointError(f"{self._class} could not be made: {error}.",
                                  "Check “arguments” in the file given with --args.", self.arch) from error


def _weights(source: Source) -> Checkpoint | None:
    """The one set of weights of a source."""
    if isinstance(source, ModelFolder):
        return next(iter(source.parts.values())) if len(source.parts) == 1 else None
    return source


def _load(network: Any, weights: Checkpoint, prefix: str, arch: str) -> None:
    """Every weight into its place, none left over. Raises CheckpointError that names some that do not fit."""
    import torch

    wanted = {name: tuple(value.shape) for name, value in network.state_dict().items() if not name.endswith(_COUNTERS)}
    stored = {name.removeprefix(prefix): name for name in weights
              if name.startswith(prefix) and not name.endswith(_COUNTERS)}
    if not stored.keys() & wanted.keys():
        # The reader takes `model.` and the like off all names; the class may have it.
        first = next(iter(wanted), "").partition(".")[0] + "."
        stored = {first + name: theirs for name, theirs in stored.items()}
    missing, left = sorted(wanted.keys() - stored.keys()), sorted(stored.keys() - wanted.keys())
    other = [name for name in wanted.keys() & stored.keys() if weights.shape(stored[name]) != wanted[name]]
    faults = [f"{word} {_some(names)}" for word, names in (("missing are", missing), ("left over are", left),
                                                           ("of another shape are", other)) if names]
    if faults:
        raise CheckpointError(f"The weights do not fit {arch}: {'; '.join(faults)}.",
                              "Check “arguments”, or name with “weights” what the wanted names begin with.", arch)
    network.load_state_dict({name: torch.from_numpy(weights[stored[name]].real().copy()).reshape(shape)
                             for name, shape in wanted.items()}, strict=False)
    network.eval().requires_grad_(requires_grad=False)


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in sorted(names)[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


@dataclass(frozen=True)
class _Run:
    """One trial run: the sizes of free dimensions, the shapes that came out."""

    sizes: Sizes
    shapes: tuple[tuple[int, ...], ...]


def _part(network: Any, role: str, wanted: Wanted, settings: Settings) -> Part:
    """A part whose outputs' shapes are found by running it at two sizes."""
    from export.nets.called import Called

    module = Called(network, wanted.call, tuple(entry.given for entry in wanted.inputs.values()), len(wanted.outputs))
    free = dict.fromkeys(size for entry in wanted.inputs.values() for size in entry.shape if isinstance(size, str))
    first = _tried(module.eval(), wanted, {name: 2 + place for place, name in enumerate(free)}, role)
    second = _tried(module, wanted, {name: 3 + 2 * place for place, name in enumerate(free)}, role)
    outputs = tuple(_output(name, first, second, place, settings) for place, name in enumerate(wanted.outputs))
    picture = "image" if "image" in wanted.outputs else None
    return Part(role, module, tuple(_input(name, entry) for name, entry in wanted.inputs.items()), outputs,
                example=first.sizes, picture=picture)


def _input(role: str, entry: Entry) -> Slot:
    if entry.dtype == "float32":
        return Slot(role, "float32", entry.shape)
    below = entry.below if entry.dtype == "int64" else 2
    return Slot(role, entry.dtype, entry.shape, lambda dice, shape: dice.integers(0, below, shape))


def _tried(module: Any, wanted: Wanted, sizes: Sizes, role: str) -> _Run:
    """Zeros through the network. Raises CheckpointError with its own words where it fails."""
    import torch

    values = []
    for entry in wanted.inputs.values():
        shape = [sizes[size] if isinstance(size, str) else size for size in entry.shape]
        values.append(torch.zeros(shape, dtype=getattr(torch, entry.dtype)))
    try:
        with torch.no_grad():
            answer = module(*values)
    except _THEIRS as error:
        reason = " ".join(str(error).split())[:300]
        raise CheckpointError(f"`{wanted.call}` failed for the inputs of “{role}”: {reason}.",
                              "Check “inputs” and “call” in the file given with --args.", role) from error
    if len(answer) < len(wanted.outputs):
        raise CheckpointError(f"`{wanted.call}` yields {len(answer)} tensors, not {len(wanted.outputs)}.",
                              "Check “outputs” in the file given with --args.", role)
    return _Run(sizes, tuple(tuple(value.shape) for value in answer))


def _output(role: str, first: _Run, second: _Run, place: int, settings: Settings) -> Slot:
    """An output with names for the sizes that follow a free size."""
    shape: list[int | str] = []
    for axis, (one, other) in enumerate(zip(first.shapes[place], second.shapes[place], strict=True)):
        named = next((name for name, size in first.sizes.items() if (size, second.sizes[name]) == (one, other)),
                     f"{role}_{axis}")
        shape.append(one if one == other else named)
    return Slot(role, "float32", tuple(shape),
                scale=settings.range[1] - settings.range[0] if role == "image" else None)


def _manifest(parts: tuple[Part, ...], settings: Settings) -> dict[str, Any]:
    """`latent`, `image` and `encoder` where the parts are those of the decoder family."""
    manifest: dict[str, Any] = {}
    for part in parts:
        for slot in (*part.inputs, *part.outputs):
            if slot.role == "latent" and len(slot.shape) == 2:  # noqa: PLR2004 - [batch, dim]
                manifest["latent"] = {"dim": slot.shape[1], "prior": "normal", "spaces": ["z"]}
            if slot.role == "image" and len(slot.shape) == _PICTURE and all(isinstance(n, int) for n in slot.shape[1:]):
                channels, height, width = slot.shape[1:]
                entry = {"width": width, "height": height, "channels": channels, "range": list(settings.range)}
                manifest["image" if part.role == "decoder" else part.role] = entry
        below = settings.parts[part.role].inputs.get("condition", Entry(())).below
        if part.role == "decoder" and below:
            manifest["controls"] = {"classes": [{"id": str(number), "label": f"Class {number}",
                                                 "labels": {"zh_CN": f"类别 {number}"}} for number in range(below)]}
    return manifest
