"""The proof as the converter calls it: parts with their references and graphs in, figures out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from engine.cancel import CancelToken
from export.aside import ask
from export.precision.request import Made
from export.proof.figures import Figures, Request, Subject


def subject(role: str, reference: Path, graphs: Mapping[str, tuple[dict[str, Any], Path]]) -> Subject:
    """One part: `graphs` gives the manifest's graph object and its folder for each precision."""
    return Subject(role, str(reference.resolve()), {name: graph for name, (graph, _) in graphs.items()},
                   {name: str(folder.resolve()) for name, (_, folder) in graphs.items()})


def subjects(references: Mapping[str, Path], made: Made) -> tuple[Subject, ...]:
    """Every part that was made, in all its precisions; `references` has the index of each role."""
    return tuple(Subject(role, str(references[role].resolve()), made.graphs[role], made.folders[role])
                 for role in made.graphs)


def proved(parts: tuple[Subject, ...], folder: Path, *, providers: tuple[str, ...] = (),
           cancel: CancelToken | None = None) -> Figures:
    """Run the proof in a process of its own; requests, answers and pictures stay in `folder`.

    Raises ConversionError when that process dies (a graph can end ONNX Runtime itself), Cancelled when told to.
    """
    request = Request(parts, str((folder / "pictures").resolve()), providers)
    return msgspec.convert(ask("export.proof", request, folder, cancel), Figures)
