"""What a source is, in words for a person, without torch: the one answer that the studio and the command line show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.converting.messages import ConvertRequest, Inspection, Making
from engine.errors import CheckpointError
from engine.packages.making import name_from
from export.adapters.base import USUAL, Adapter, Detection
from export.checkpoint.source import Checkpoint, Source
from export.corrections import corrections, questions_about

_SETTINGS_BYTES = 1_000_000
# What each architecture is made into; the words are for a person.
_DECODER = ("decoder", "latent point to picture")
_STEP = (("step", "the text so far to the next letters"),)
_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "dcgan": (_DECODER,),
    "vae": (_DECODER, ("encoder", "picture to latent point, where the file holds it")),
    "stylegan2": (("mapping", "seed to style"), ("synthesis", "style to picture"),
                  ("preview", "style to a small picture for dragging, from 256 pixels up")),
    "recurrent": _STEP, "gpt": _STEP,
    "ddpm": (("unet", "one step from noise to picture"),),
    "stable_diffusion": (("text_encoder", "words to numbers"), ("unet", "one step from noise to picture"),
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
    """The adapter to take, what it sees, and the names of others that would do.

    Raises CheckpointError, and ValueProblem for a word or setting that is not known.
    """
    from export.adapters.registry import adjusted, by_name, detect
    from export.adapters.unknown import unknown

    if ":" in request.arch:
        return _own(source, request)
    wanted = by_name(request.arch).name if request.arch else ""
    found = [one for one in detect(source, request.family) if wanted in ("", one.adapter)]
    if not found:
        raise unknown(source)
    allowed: tuple[str, ...] = getattr(by_name(found[0].adapter), "open", ())
    chosen = adjusted(found[0], {**corrections(request.answers, found[0], allowed), **settings_of(request)})
    others = tuple(dict.fromkeys(one.adapter for one in found[1:] if one.adapter != chosen.adapter))
    return by_name(chosen.adapter), chosen, others


def _own(source: Source, request: ConvertRequest) -> tuple[Adapter, Detection, tuple[str, ...]]:
    """A network class of the person's own."""
    from export.adapters.custom import Custom

    own = Custom(request.arch, settings_of(request))
    detection = own.detect(source)
    if detection is None:
        raise CheckpointError(f"“{request.arch}” does not fit this checkpoint.", "Check the class and its arguments.",
                              request.source)
    return own, detection, ()


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
    adapter, detection, others = recognised(source, request)
    notes, warnings = _said(source)
    return Inspection(
        path=request.source, kind=source.kind, bytes=source.size, title=detection.title, family=detection.family,
        adapter=detection.adapter, reasons=detection.reasons, sizes=detection.sizes, guesses=detection.guesses,
        notes=notes, warnings=warnings, makes=_makes(source, detection),
        precisions=getattr(adapter, "precisions", USUAL), name_hint=name_from(source.path),
        license_hint=_hint(source, "license"),
        credit_hint=_hint(source, "author"), code_found=bool(getattr(source, "code", None)),
        questions=questions_about(detection, getattr(adapter, "open", ())), others=others)


def _makes(source: Source, detection: Detection) -> tuple[Making, ...]:
    """Parts by role; their size is only known where one part is all there is."""
    roles = _ROLES.get(detection.adapter, ())
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


def _said(source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes and warnings of the reader; those of a folder's parts with the part's name."""
    if isinstance(source, Checkpoint):
        return source.notes, source.warnings
    parts = sorted(source.parts.items())
    return (tuple(f"{name}: {note}" if name else note for name, part in parts for note in part.notes),
            tuple(f"{name}: {warning}" if name else warning for name, part in parts for warning in part.warnings))

