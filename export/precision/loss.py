"""What fewer bits cost a language model, in the words of its field: perplexity, and how often another token leads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.packages.parts import Graph
from engine.runtime.providers import Runtime
from export.samples import each_run

LOGITS = "logits"
RUNS = 8


@dataclass(frozen=True)
class Loss:
    """Over all places of some random inputs. Perplexities are of the exact network's own chances."""

    exact: float                             # exp of the exact network's entropy
    reduced: float                           # exp of the reduced network's cross entropy
    agreement: float                         # the share of places where both have the same likeliest token
    spread: float                            # root mean square error of a logit, over the spread of the logits
    places: int


def loss_words(path: Path, graph: Graph, reference: str, runtime: Runtime) -> Iterator[str]:
    """The loss in a sentence; nothing for a graph without logits. Raises ModelError."""
    if LOGITS not in graph.outputs:
        return
    session = runtime.session(path, graph)
    try:
        pairs = [(outputs[LOGITS], session.run(inputs)[LOGITS])
                 for _, inputs, outputs in itertools.islice(each_run(Path(reference)), RUNS)]
    finally:
        session.close()
    found = loss_of(pairs)
    rise = found.reduced / found.exact - 1
    yield (f"its perplexity on {found.places} places of random inputs is {found.reduced:.4g} instead of "
           f"{found.exact:.4g} ({rise:+.1%}), logits are off by {found.spread:.1%} of their spread, and the likeliest "
           f"token is the same in {found.agreement:.0%} of the places")


def loss_of(pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> Loss:
    """From logits [..., vocabulary], exact and reduced."""
    entropy = cross = error = variance = 0.0
    same = places = 0
    for exact, reduced in pairs:
        wanted, given = (_logs(one.reshape(-1, one.shape[-1]).astype(np.float64)) for one in (exact, reduced))
        chances = np.exp(wanted)
        error += float(np.square(reduced.astype(np.float64) - exact).sum()) / exact.shape[-1]
        variance += float(exact.reshape(-1, exact.shape[-1]).astype(np.float64).var(axis=1).sum())
        entropy -= float((chances * wanted).sum())
        cross -= float((chances * given).sum())
        same += int((wanted.argmax(axis=1) == given.argmax(axis=1)).sum())
        places += len(wanted)
    return Loss(math.exp(entropy / places), math.exp(cross / places), same / places,
                math.sqrt(error / max(variance, 1e-30)), places)


def _logs(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithms of chances."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs
