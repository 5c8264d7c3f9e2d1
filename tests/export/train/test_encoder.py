"""Our own sentence encoder computes what Transformers computes, and its graph what it computes."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.torch


def tiny():
    """Sizes of a network of a few thousand weights."""
    from export.train.encoder.bert import Sizes

    return Sizes(vocabulary=40, width=24, heads=3, layers=2, inner=32, context=12)


@pytest.fixture(scope="module")
def published():
    """A BertModel with random weights, as Transformers writes it."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    sizes = tiny()
    return BertModel(BertConfig(
        vocab_size=sizes.vocabulary, hidden_size=sizes.width, num_attention_heads=sizes.heads,
        num_hidden_layers=sizes.layers, intermediate_size=sizes.inner, max_position_embeddings=16)).eval()


@pytest.fixture(scope="module")
def encoder(published):
    from export.train.encoder.bert import SentenceEncoder, fill

    made = SentenceEncoder(tiny())
    weights = {name: value for name, value in published.state_dict().items() if not name.startswith("pooler.")}
    fill(made, weights, exact=True)
    return made.eval()


@pytest.fixture(scope="module")
def batch():
    """Two sentences, one of them filled up."""
    import torch

    tokens = torch.tensor([[2, 7, 9, 3, 0, 0], [2, 30, 31, 32, 33, 3]])
    return tokens, torch.tensor([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])


def test_it_equals_transformers_with_mean_pooling(published, encoder, batch):
    import torch

    tokens, mask = batch
    with torch.inference_mode():
        hidden = published(input_ids=tokens, attention_mask=mask).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        wanted = torch.nn.functional.normalize(mean)
        found = encoder(tokens, mask)
    np.testing.assert_allclose(found.numpy(), wanted.numpy(), atol=2e-6)


def test_filling_changes_nothing(encoder, batch):
    import torch

    tokens, mask = batch
    with torch.inference_mode():
        alone = encoder(tokens[:1, :4], mask[:1, :4])
        filled = encoder(tokens, mask)[:1]
    np.testing.assert_allclose(filled.numpy(), alone.numpy(), atol=1e-6)


def test_words_in_eight_bits_are_near(published, encoder, batch):
    import torch

    from export.train.encoder.bert import Table

    weight = published.embeddings.word_embeddings.weight.detach()
    small = Table(weight)
    assert small.levels.dtype == torch.int8
    error = (small(batch[0]) - weight[batch[0]]).abs().max() / weight.abs().max()
    assert 0 < float(error) < 0.005


def test_a_weight_without_a_place_is_told(published):
    from export.train.encoder.bert import SentenceEncoder, fill

    weights = {name: value for name, value in published.state_dict().items() if not name.startswith("pooler.")}
    weights["encoder.layer.7.output.dense.bias"] = weights["encoder.layer.0.output.dense.bias"]
    with pytest.raises(ValueError, match="without a place"):
        fill(SentenceEncoder(tiny()), weights)


def test_the_graph_takes_any_number_of_sentences_of_any_length(encoder, batch, tmp_path):
    import torch

    from export.trace import trace
    from export.train.encoder.build import part
    from tests.fakes.onnx_aside import worst_error

    made = part(encoder, tiny())
    traced = trace(made, tmp_path)
    one = torch.tensor([[2, 5, 3]])

    class Answers(torch.nn.Module):
        """The outputs as a tuple."""

        def forward(self, tokens, mask):
            with torch.inference_mode():
                return (encoder(tokens, mask),)

    from dataclasses import replace

    cases = [batch, (one, torch.ones_like(one))]
    assert worst_error(replace(made, reference=Answers()), traced.path, cases, tmp_path) < 1e-5
