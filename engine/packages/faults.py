"""How the checks of a manifest refuse: one sentence, and the shape or number type that a port should have."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.errors import PackageError
from engine.packages.parts import Graph, Port

_FLOATS = ("float32", "float16")
Shape = Sequence[int | None]
"""Sizes by number; None where any size or a name will do."""


def faulty(subject: str, reason: str) -> PackageError:
    """The error that names the contradiction."""
    return PackageError(f"The manifest contradicts itself: {reason}.",
                        "Get the package again, or ask its author to correct it.", subject)


def expect(port: Port, shape: Shape, role: str, subject: str) -> None:
    """Refuse a port of another shape: free or symbolic where `shape` says None, otherwise that number."""
    fits = len(port.shape) == len(shape) and all(
        isinstance(have, str) or have >= 1 if want is None else have == want
        for have, want in zip(port.shape, shape, strict=True))
    if not fits:
        wanted = ", ".join("batch" if size is None else str(size) for size in shape)
        raise faulty(subject, f"the shape of “{role}” should be [{wanted}]")


def floating(graph: Graph, subject: str, *, whole: Collection[str] = ()) -> None:
    """Refuse ports whose numbers are not real (`whole`: the roles of inputs that are int64)."""
    for role, port in (*graph.inputs.items(), *graph.outputs.items()):
        if role in whole and port.dtype != "int64":
            raise faulty(subject, f"the numbers of “{role}” should be int64")
        if role not in whole and port.dtype not in _FLOATS:
            raise faulty(subject, f"the numbers of “{role}” should be float32")
