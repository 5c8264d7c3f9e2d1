"""The icons' recipe: one pen, phrases, the exact flow, a decoder that trains, graphs that compute the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.torch

BALANCED, CLASSIC, FREE = range(3)


def memory(count: int = 6):
    """Random drawings, each with one phrase of its own; the first has two."""
    import torch

    from export.train.icons.mosaic import Memory

    dice = torch.Generator().manual_seed(1)
    phrases = torch.nn.functional.normalize(torch.randn(count + 1, 384, generator=dice))
    return Memory(torch.randn(count, 16, 6, 6, generator=dice), phrases, torch.tensor([*range(count), 0]))


@pytest.fixture(scope="module")
def flow():
    from export.train.icons.mosaic import Mosaic

    return Mosaic(memory(), nearest=4).eval()


def test_a_prompt_leads_to_the_drawing_it_names(flow):
    from export.train.icons.sampling import sample

    asked = memory()
    found = sample(flow, asked.phrases[:6].numpy(), CLASSIC, seed=3)
    errors = ((found[:, None] - asked.latents[None]) ** 2).mean((2, 3, 4))
    assert errors.argmin(1).tolist() == list(range(6))
    assert float(errors.min(1).values.max()) < 1e-3


def test_no_drawing_holds_more_than_its_share(flow):
    """But for `classic`, whose label says what it is. Places come back when another leads at the end."""
    from export.train.icons.sampling import sample

    asked = memory()
    for manner in (BALANCED, FREE):
        found = sample(flow, asked.phrases[:6].numpy(), manner, seed=3)
        errors = ((found - asked.latents) ** 2).mean(1).flatten(1)                       # drawing, cell
        kept = (errors < 0.05).sum(1)
        assert int(kept.min()) > 0
        assert int(kept.max()) <= 24


def test_twins_share_what_one_may_hold():
    """The same drawing in two sets is one drawing: both together may not cover the whole icon."""
    import torch

    from export.train.icons.mosaic import CELLS, MANNERS, _shared_out

    drawings = torch.randn(1, CELLS, 16, 5, generator=torch.Generator().manual_seed(2))
    drawings[..., 1] = drawings[..., 0] + 0.01
    likely = torch.zeros(1, 5, CELLS)
    likely[:, :2] = 50.0 + torch.arange(CELLS)
    likely[:, 1, ::2] += 3.0
    most = torch.tensor([MANNERS[BALANCED].share])
    shares = torch.softmax(_shared_out(likely, drawings, most), dim=1).sum(2)[0]
    assert float(shares[:2].sum()) == pytest.approx(MANNERS[BALANCED].share, abs=1.0)
    assert torch.equal(_shared_out(likely, drawings, torch.tensor([CELLS])), likely)


def test_parts_of_two_drawings_come_together(flow):
    """Half-way between two phrases, windows choose for themselves; each cell is one of both, or a blend."""
    from export.train.icons.sampling import sample

    asked = memory()
    between = (asked.phrases[2] + asked.phrases[3])[None] / 2**0.5
    found = sample(flow, between.numpy().repeat(12, 0), 2, seed=0)
    errors = ((found[:, None] - asked.latents[2:4][None]) ** 2).mean(2).flatten(2)     # seed, drawing, cell
    chosen = errors.argmin(1)
    assert len({tuple(row.tolist()) for row in chosen}) > 6
    mixed = [0 < int(row.sum()) < 36 for row in chosen]
    assert any(mixed)


def test_no_prompt_likes_all_alike():
    import torch

    from export.train.icons.mosaic import Mosaic

    flow = Mosaic(memory())
    velocity = flow(torch.zeros(1, 16, 6, 6), torch.zeros(1), torch.zeros(1, 384), torch.zeros(1, dtype=torch.int64))
    drawings = flow.drawings[flow.owners].float() * flow.drawing_scales[flow.owners]
    np.testing.assert_allclose(velocity.detach().flatten().numpy(), drawings.mean(0).numpy(), atol=1e-5)


def test_eight_bits_are_near():
    import torch

    from export.train.icons.mosaic import in_eight_bits

    rows = torch.randn(5, 100)
    levels, scales = in_eight_bits(rows)
    assert levels.dtype == torch.int8
    assert float((levels.float() * scales - rows).abs().max()) <= float(scales.max()) / 2 + 1e-6


def test_the_graph_computes_the_same(flow, tmp_path: Path):
    import torch

    from export.trace import trace
    from export.train.icons.autoencoder import Decoder
    from export.train.icons.build import parts
    from export.train.icons.finishing import FineDecoder
    from tests.fakes.onnx_aside import worst_error

    velocity, decoder = parts(memory(), FineDecoder(Decoder()))
    assert decoder.outputs[0].shape[2:] == (192, 192)
    traced = trace(velocity, tmp_path)
    asked = memory().phrases

    class Answers(torch.nn.Module):
        """The outputs as a tuple."""

        def forward(self, *inputs):
            with torch.inference_mode():
                return (velocity.module(*inputs),)

    from dataclasses import replace

    cases = [(torch.randn(batch, 16, 6, 6), torch.linspace(0.1, 0.6, batch), asked[:batch],
              torch.arange(batch) % 3) for batch in (1, 3)]
    assert worst_error(replace(velocity, reference=Answers()), traced.path, cases, tmp_path) < 1e-3


def test_two_steps_of_the_autoencoder_lower_its_loss(tmp_path: Path):
    import torch

    from export.train.icons.dataset import Icons
    from export.train.icons.stage_field import FieldStage

    fields = np.full((4, 48, 48), -127, np.int8)
    for row in range(4):
        fields[row, 20:28, 8:40 - 4 * row] = 60
    np.save(tmp_path / "fields.npy", fields)
    rows = [{"source": "tabler", "name": name, "key": name, "tags": []} for name in ("minus", "line", "dash", "bar")]
    (tmp_path / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    torch.manual_seed(0)
    stage = FieldStage(Icons(tmp_path), 4)
    optimiser = torch.optim.SGD(stage.parameters(), 1e-3)
    losses = []
    for _ in range(3):
        loss, _ = stage.loss(0)
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert losses[2] < losses[0]


def test_one_pen_draws_every_set():
    from export.train.icons.collect import one_pen

    thin = one_pen('<path stroke="currentColor" stroke-width="1.5" stroke-linecap="square" d="M4 12h16"/>', 24)
    assert 'stroke-width="2"' in thin
    assert thin.count("stroke-width") == thin.count("linecap") == 1
    assert 'stroke-width="4"' in one_pen("<path/>", 48)


def test_sayings_of_compounds():
    from export.train.icons.dataset import Item
    from export.train.icons.words import sayings, tags_of

    assert sayings(Item("tabler", "camera off", "camera off", ())) == ("camera crossed out", "no camera")
    assert sayings(Item("lucide", "square pen", "pen square", ())) == ("pen in a square", "boxed pen")
    assert sayings(Item("lucide", "heart", "heart", ())) == ()
    assert tags_of(Item("lucide", "heart", "heart", ("love", "12", "like"))) == "love, like"


def test_a_thing_is_held_out_in_every_set():
    from export.train.icons.dataset import Item

    held = {name for name in map(str, range(400)) if Item("tabler", name, f"thing {name}", ()).held_out}
    assert 2 < len(held) < 30
    assert all(Item("lucide", name, f"thing {name}", ()).held_out for name in held)


def test_credits_name_every_set():
    from export.train.icons.credits import licence_words
    from export.train.icons.sources import SOURCES

    assert licence_words() == "Apache-2.0 AND ISC AND MIT"
    assert all(source.holder and source.package for source in SOURCES)
