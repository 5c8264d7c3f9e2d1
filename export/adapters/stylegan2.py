"""StyleGAN2 generators, in NVIDIA's and in rosinality's layout: mapping, synthesis and preview, a graph each."""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection, DirectionSet
from export.adapters.stylegan2_layout import Found, Layout
from export.adapters.stylegan2_nvidia import NvidiaLayout
from export.adapters.stylegan2_parts import parts, preview_blocks
from export.adapters.stylegan2_rosinality import RosinalityLayout
from export.checkpoint.source import Checkpoint, Source
from export.directions.cloud import with_cloud
from export.directions.naming import joined, layer_groups
from export.directions.pca import pca_directions
from export.directions.sefa import sefa_layers
from export.nets.stylegan2_weights import Network, mapped

_LAYOUTS: Final[tuple[Layout, ...]] = (NvidiaLayout(), RosinalityLayout())
_COLOURS: Final = {1: "grey", 3: "RGB", 4: "RGBA"}
_SAMPLES: Final = 8192
_TRUNCATION: Final = 0.7
_MOST_CLASSES: Final = 4096


class StyleGAN2:
    """Karras et al. 2020, with all the sizes that a checkpoint may have."""

    name = "stylegan2"

    def detect(self, source: Source) -> Detection | None:
        """By names and shapes. Raises CheckpointError for a relative that cannot be converted, by its name."""
        found = self._recognise(source)
        if found is None:
            return None
        _, seen = found
        sizes = seen.sizes
        colour = _COLOURS.get(sizes["channels"], f"{sizes['channels']} channels")
        title = f"StyleGAN2 generator, {sizes['width']} × {sizes['height']}, {colour}"
        if sizes["classes"]:
            title += f", {sizes['classes']} classes"
        return Detection(self.name, "stylegan2", title, seen.reasons, {**sizes, "layout": seen.layout},
                         guesses=seen.guesses)

    def build(self, source: Source, detection: Detection) -> Built:
        """Mapping, synthesis and, from 256 pixels up, preview. Raises CheckpointError."""
        found = self._recognise(source)
        if found is None or not isinstance(source, Checkpoint):
            raise CheckpointError(f"“{source.path.name}” holds no StyleGAN2 generator ({detection.title}).",
                                  "Let the architecture be recognised instead of naming it.", str(source.path))
        layout, seen = found
        network = layout.read(source, seen)
        if network.channels not in _COLOURS:
            raise CheckpointError(f"This StyleGAN2 makes pictures of {network.channels} channels.",
                                  "Grey, RGB and RGBA generators can be converted.", str(source.path))
        samples = points_of_w(network)
        mean = samples.mean(axis=0) if network.mean is None else network.mean
        directions = _directions(network, samples)
        return Built(parts(network), _manifest(network, mean, directions), {"noise.npz": _noise(network)}, directions,
                     source.notes)

    def _recognise(self, source: Source) -> tuple[Layout, Found] | None:
        """The first layout that knows the names."""
        if not isinstance(source, Checkpoint):
            return None
        every = ((layout, layout.recognise(source)) for layout in _LAYOUTS)
        return next(((layout, found) for layout, found in every if found is not None), None)


def points_of_w(network: Network, count: int = _SAMPLES) -> NDArray[np.float32]:
    """Points of w [count, w_dim] of random z, classes in turn: the cloud that truncation and sliders speak of."""
    z = np.random.default_rng(0).standard_normal((count, network.z_dim), np.float32)
    return mapped(network, z, np.arange(count) % max(network.classes, 1))


def _directions(network: Network, samples: NDArray[np.float32]) -> DirectionSet:
    """Components of the cloud first, then what the weights of coarse, middle and fine layers answer to."""
    sefa = sefa_layers(network.style_weights(), layer_groups(network.rows), samples)
    return with_cloud(joined([pca_directions(samples, "w"), sefa]), samples)


def _manifest(network: Network, mean: NDArray[np.float32], directions: DirectionSet) -> dict[str, Any]:
    """The draft: everything that the weights tell."""
    last, cut = network.blocks[-1], preview_blocks(network)
    controls: dict[str, Any] = {"directions": list(directions.entries)}
    if network.classes:
        controls["classes"] = [{"id": str(number), "label": f"Class {number}", "labels": {"zh_CN": f"类别 {number}"}}
                               for number in range(min(network.classes, _MOST_CLASSES))]
    return {
        "latent": {"dim": network.z_dim, "prior": "normal", "spaces": ["z", "w", "w+"],
                   "mean": [float(number) for number in mean], "truncation": _TRUNCATION},
        "image": {"width": last.width, "height": last.height, "channels": network.channels, "range": [-1.0, 1.0],
                  "layout": "NCHW", "content": "color"},
        "stylegan2": {
            "w_dim": network.w_dim, "rows": network.rows, "classes": network.classes,
            "noise": [{"role": role, "width": block.width, "height": block.height}
                      for role, block, _ in network.noisy()],
            "preview_rows": 2 * cut, "preview_side": network.blocks[cut - 1].width if cut else 0,
        },
        "controls": controls,
    }


def _noise(network: Network) -> bytes:
    """noise.npz: the constant [height, width] of every noise input by role; drawn where the checkpoint has none."""
    random = np.random.default_rng(0)
    drawn = {role: random.standard_normal((block.height, block.width), np.float32)
             for role, block, _ in network.noisy()}
    stored = {role: layer.noise for role, _, layer in network.noisy() if layer.noise is not None}
    buffer = io.BytesIO()
    np.savez(buffer, **{**drawn, **stored})  # type: ignore[arg-type]
    return buffer.getvalue()
