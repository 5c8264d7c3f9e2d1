"""All architectures that conversion knows, and the question which of them a source is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.errors import ValueProblem
from export.adapters.base import Adapter, Detection
from export.adapters.dcgan import Dcgan
from export.adapters.ddpm import Ddpm
from export.adapters.gpt import Gpt
from export.adapters.recurrent import Recurrent
from export.adapters.stable_diffusion import StableDiffusion
from export.adapters.stylegan2 import StyleGAN2
from export.adapters.unknown import unknown
from export.adapters.vae import Vae
from export.checkpoint.source import Source

ADAPTERS: tuple[Adapter, ...] = (StyleGAN2(), Vae(), Dcgan(), Recurrent(), Gpt(), Ddpm(),
                                 StableDiffusion())


def by_name(name: str) -> Adapter:
    """The adapter of that name. Raises ValueProblem."""
    for adapter in ADAPTERS:
        if adapter.name == name:
            return adapter
    raise ValueProblem(f"There is no architecture called “{name}”.",
                       f"Known are {', '.join(adapter.name for adapter in ADAPTERS)}; your own class is named "
                       "module:Class.", "arch")


def detect(source: Source, family: str = "") -> list[Detection]:
    """What the source may be, best first; empty where nothing fits. `family` limits the answer to that family."""
    found = [detection for adapter in ADAPTERS if (detection := adapter.detect(source)) is not None]
    return sorted((one for one in found if family in {"", one.family}), key=lambda one: -one.score)


def recognised(source: Source, family: str = "") -> Detection:
    """The best detection. Raises CheckpointError with what was seen and what would help."""
    found = detect(source, family)
    if not found:
        raise unknown(source)
    return found[0]


def adjusted(detection: Detection, settings: Mapping[str, Any]) -> Detection:
    """The detection with what a person sets by hand where weights leave it open. Raises ValueProblem."""
    allowed: tuple[str, ...] = getattr(by_name(detection.adapter), "open", ())
    for name, value in settings.items():
        if name not in allowed:
            raise ValueProblem(f"“{name}” cannot be set for this architecture.",
                               f"Allowed: {', '.join(allowed) or 'nothing'}.", name)
        usual = detection.sizes.get(name)
        if isinstance(usual, str) != isinstance(value, str) or isinstance(value, bool | list | dict | None):
            raise ValueProblem(f"“{name}” cannot be {value!r:.60}.", f"It is {usual!r} by default.", name)
    return replace(detection, sizes={**detection.sizes, **settings})


