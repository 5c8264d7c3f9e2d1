"""Language models through both stacks: what our engine writes with a converted package, and what Transformers does."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Recipe
from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.options import EngineOptions
from engine.packages.describe import describe
from tests.end2end.program import ROOT

pytestmark = pytest.mark.torch

PROMPTS = ("lantern", "a", "over the hill")
PLAIN = {"mode": "free", "stop": "\n", "length": 18.0, "count": 1.0, "temperature": 0.0}
CHOSEN: dict[str, dict[str, Any]] = {
    "greedy": {}, "greedy, careful": {"repetition": 1.4},
    "beams": {"sampler": "beams", "beams": 4.0, "count": 4.0},
    "beams, short": {"sampler": "beams", "beams": 5.0, "count": 3.0, "length_penalty": -0.5},
    "beams, long": {"sampler": "beams", "beams": 3.0, "count": 2.0, "length_penalty": 2.0, "repetition": 1.2},
    "one beam more": {"sampler": "beams", "beams": 2.0, "length_penalty": 0.0}}
SAMPLED = ({"temperature": 1.0}, {"temperature": 0.7, "top_k": 5}, {"temperature": 1.6, "top_p": 0.8},
           {"temperature": 0.9, "top_k": 12, "top_p": 0.6, "repetition": 1.3}, {"temperature": 1.0, "top_p": 0.05})
DRAWN = 2000

# Our side of the chances, in a process without torch: the next token's from the package's own graph, and many draws.
PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np
from engine.families.registry import FAMILIES
from engine.packages.manifest import load_manifest
from engine.runtime.providers import Options, Runtime
from engine.text.drawing import Card, drawing
from engine.text.sampling import Sampling, probabilities
from engine.text.stopping import Stops

folder, prompts, sampled, drawn = Path(sys.argv[1]), *json.loads(sys.argv[2])
model = FAMILIES["text"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))
chances, counts = [], []
for options in sampled:
    sampling = Sampling(**options)
    chances.append([])
    for prompt in prompts:
        ids = model._tokenizer.encode(prompt).ids
        model._reader.begin()
        logits = model._reader.read(np.array([ids]))[0]
        chances[-1].append(probabilities(logits, sampling, ids).tolist())
    cards = [Card(model._tokenizer, Stops(length=1), (seed,)) for seed in range(drawn)]
    list(drawing(model._reader, ids, cards, sampling))
    counts.append(np.bincount([card.ids[0] for card in cards], minlength=logits.size).tolist())
print(json.dumps({"chances": chances, "counts": counts}))
"""


@dataclass(frozen=True)
class Both:
    """A package of ours, and what Transformers said."""

    folder: Path
    written: dict[str, list[list[str]]]
    chances: list[list[list[float]]]


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process with torch made and said."""
    folder = tmp_path_factory.mktemp("peer")
    answer = subprocess.run([sys.executable, "-m", "tests.fakes.text_peer", str(folder)], capture_output=True,
                            text=True, check=False, cwd=ROOT)
    assert not answer.returncode, answer.stderr
    return folder


@pytest.fixture(scope="module", params=["gpt2", "gru"])
def both(request: pytest.FixtureRequest, peer: Path) -> Both:
    """One of the two models."""
    folder = peer / request.param
    told = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return Both(folder / "package", told["written"], told["chances"])


def test_greedy_and_beam_search_write_what_transformers_writes(both: Both):
    with BlockingEngine(EngineClient(EngineOptions(provider="cpu", threads=1))) as engine:
        first = engine.open(str(both.folder)).default_recipe()
        for name, choice in CHOSEN.items():
            for prompt, wanted in zip(PROMPTS, both.written[name], strict=True):
                recipe: Recipe = first.with_values({**PLAIN, **choice, "prompt": prompt})
                assert list(engine.render(recipe).texts) == [text.strip() for text in wanted], (name, prompt)


def test_the_texts_are_worth_comparing(both: Both):
    """They differ with the method, and some end before they must."""
    texts = {text for name in both.written for prompt in both.written[name] for text in prompt}
    assert len(texts) > 15
    assert len({len(text) for text in texts}) > 3


def test_the_next_token_is_drawn_from_the_same_chances(both: Both):
    order = json.dumps([PROMPTS, SAMPLED, DRAWN])
    answer = subprocess.run([sys.executable, "-c", PROGRAM, str(both.folder), order], capture_output=True, text=True,
                            check=False, cwd=ROOT)
    assert not answer.returncode, answer.stderr
    ours = json.loads(answer.stdout)
    assert np.abs(np.array(ours["chances"]) - np.array(both.chances)).max() < 1e-5
    for counts, chances in zip(np.array(ours["counts"]), np.array(both.chances)[:, -1], strict=True):
        assert not counts[chances == 0].any(), "what Transformers never draws is never drawn"
        assert misfit(counts, chances) < 1.0


def misfit(counts: np.ndarray, chances: np.ndarray) -> float:
    """Chi-square over what one in a thousand honest dice exceed (Wilson and Hilferty 1931); fixed seeds, so it stays.

    Rare tokens are taken together, and with the rarest of the others, until each cell expects five or more.
    """
    order = np.argsort(chances)[::-1]
    have, want = counts[order].astype(float), chances[order] * counts.sum()
    cells = max(1, int((want >= 5).sum()))
    have, want = (np.append(one[:cells - 1], one[cells - 1:].sum()) for one in (have, want))
    freedom = cells - 1
    if not freedom:
        return 0.0
    limit = freedom * (1 - 2 / (9 * freedom) + 3.09 * np.sqrt(2 / (9 * freedom))) ** 3
    return float(((have - want) ** 2 / want).sum() / limit)


def test_the_figure_of_misfit_can_fail():
    chances = np.array([0.5, 0.3, 0.2, 0.0])
    assert misfit(np.array([2000, 1200, 800, 0]), chances) == 0.0
    assert misfit(np.array([2200, 1000, 800, 0]), chances) > 1.0


def test_the_converted_package_knows_its_letters(both: Both):
    assert describe(both.folder).medium == "text"
