"""What a source is, in words for a person, without torch: the one answer that the studio and the command line show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.converting.messages import ConvertRequest, Inspection, Making
from engine.errors import CheckpointError
from export.adapters.base import Adapter, Detection
from export.checkpoint.source import Checkpoint, Source

_SETTINGS_BYTES = 1_000_000
_TROUBLE = ("NaN", "infinite", "not a number")
# What each family is made into, where the source holds it; the words are for a person.
_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "decoder": (("decoder", "latent point to picture"), ("encoder", "picture to latent point, where it exists")),
    "stylegan2": (("mapping", "seed to style"), ("synthesis", "style to picture"),
                  ("preview", "style to a small picture, for dragging")),
    "text": (("step", "the text so far to the next letters"),),
    "diffusion": (("unet", "one step from noise to picture"), ("text_encoder", "words to numbers, where it exists"),
                  ("vae_decoder", "latent to picture"), ("vae_encoder", "picture to latent")),
}


def prepare() -> None:
    """Import what inspections need, so that a confined process needs no right to its code."""
    import export.adapters.registry
    import export.checkpoint.open  # noqa: F401 - both for their effect


def opened(request: ConvertRequest) -> Source:
    """The source, with its weights still in the file. Raises CheckpointError."""
    from export.checkpoint.open import open_source

    return open_source(Path(request.source))


def recognised(source: Source, request: ConvertRequest) -> tuple[Adapter, Detection, tuple[str, ...]]:
    """The adapter to take, what it sees, and the names of others that would do. Raises CheckpointError."""
    from export.adapters.registry import ADAPTERS, detect

    if ":" in request.arch:
        from export.adapters.custom import Custom

        own = Custom(request.arch, settings_of(request))
        detection = own.detect(source)
        if detection is None:
            raise CheckpointError(f"“{request.arch}” does not fit this checkpoint.",
                                  "Check the class and its arguments.", request.source)
        return own, detection, ()
    adapters = {adapter.name: adapter for adapter in ADAPTERS}
    if request.arch and request.arch not in adapters:
        raise CheckpointError(f"There is no architecture “{request.arch}” here.",
                              f"Known are {', '.join(adapters)}; a class of your own is MODULE:CLASS.", request.source)
    found = [one for one in detect(source) if request.arch in ("", one.adapter) and request.family in ("", one.family)]
    if not found:
        raise _unknown(source, request, tuple(adapters))
    chosen = replace(found[0], sizes=_overruled(adapters[found[0].adapter], found[0], settings_of(request)))
    others = tuple(dict.fromkeys(one.adapter for one in found[1:] if one.adapter != chosen.adapter))
    return adapters[chosen.adapter], chosen, others


def settings_of(request: ConvertRequest) -> dict[str, Any]:
    """The arguments file as an object; empty without one. Raises CheckpointError."""
    if not request.arguments:
        return {}
    try:
        return strictjson.parse_object(Path(request.arguments).read_bytes(), max_bytes=_SETTINGS_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CheckpointError(f"The arguments file cannot be read: {reason}.",
                              'It is a JSON object, for example {"activation": "silu"}.',
                              request.arguments) from error


def inspection(request: ConvertRequest) -> Inspection:
    """Open and recognise the source. Raises CheckpointError with the reason and the way out."""
    source = opened(request)
    _, detection, others = recognised(source, request)
    notes = getattr(source, "notes", ())
    return Inspection(
        path=request.source, kind=source.kind, bytes=source.size, title=detection.title, family=detection.family,
        adapter=detection.adapter, reasons=detection.reasons, sizes=detection.sizes, guesses=detection.guesses,
        notes=tuple(note for note in notes if not _is_trouble(note)),
        warnings=tuple(note for note in notes if _is_trouble(note)), makes=_makes(source, detection),
        precisions=("fp32", "fp16", "int8"), name_hint=name_hint(source), license_hint=_hint(source, "license"),
        credit_hint=_hint(source, "author"), code_found=bool(getattr(source, "code", None)), others=others)


def name_hint(source: Source) -> str:
    """A name for people from the file's own: “my_faces-v2.safetensors” becomes “My faces v2”."""
    stem = source.path.name if source.path.is_dir() else source.path.stem
    words = " ".join(re.split(r"[\s_\-]+", stem)).strip()[:60]
    return words[:1].upper() + words[1:] if words else "My model"


def _makes(source: Source, detection: Detection) -> tuple[Making, ...]:
    """Parts by role; their size is only known where one part is all there is."""
    roles = _ROLES.get(detection.family, ())
    whole = source.parameters() * 4 / 1e6 if isinstance(source, Checkpoint) else None
    return tuple(Making(role, words, round(whole, 1) if whole is not None and len(roles) == 1 else None)
                 for role, words in roles)


def _hint(source: Source, key: str) -> str:
    """What the source itself says of licence or author: metadata, settings, or the front matter of its README."""
    settings: Mapping[str, Any] = source.settings if isinstance(source, Checkpoint) else source.index
    value = settings.get(key) or settings.get(f"modelspec.{key}")
    if isinstance(value, str) and value.strip():
        return value.strip()[:200]
    return _front_matter(source.path / "README.md", key) if source.path.is_dir() else ""


def _front_matter(path: Path, key: str) -> str:
    """`key: value` between the first two lines of dashes."""
    try:
        with path.open("rb") as file:
            text = file.read(1 << 16).decode("utf-8", "replace")
    except OSError:
        return ""
    head = text.split("---", 2)[1] if text.startswith("---") and text.count("---") > 1 else ""
    found = re.search(rf"^{re.escape(key)}:[ \t]*([^\n\[{{]+)$", head, re.MULTILINE)
    return found.group(1).strip().strip("\"'")[:200] if found else ""


def _overruled(adapter: Adapter, detection: Detection, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The detection's sizes with what the person set by hand; only what weights leave open may be set."""
    allowed = tuple(getattr(adapter, "open", ()))
    strange = [name for name in settings if name not in allowed]
    if strange:
        known = f"{detection.adapter} takes {', '.join(allowed)}" if allowed else f"{detection.adapter} takes none"
        raise CheckpointError(f"“{strange[0]}” is no setting of this architecture.", f"{known}.", strange[0])
    return {**detection.sizes, **settings}


def _is_trouble(note: str) -> bool:
    return any(word in note for word in _TROUBLE)


def _unknown(source: Source, request: ConvertRequest, known: tuple[str, ...]) -> CheckpointError:
    """Sound weights of an architecture that nobody here knows."""
    names = list(source.tensors)[:3] if isinstance(source, Checkpoint) else list(source.parts)[:3]
    sample = f" (it begins with {', '.join(json.dumps(name) for name in names)})" if names else ""
    asked = f" as “{request.arch or request.family}”" if request.arch or request.family else ""
    return CheckpointError(
        f"“{source.path.name}” holds weights, but no architecture known here fits them{asked}{sample}.",
        f"Known are {', '.join(known)}. Bring the network's class with --arch MODULE:CLASS and its arguments with "
        "--args FILE, or export the model to ONNX and bring that.", request.source)
