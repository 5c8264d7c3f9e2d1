"""Attention as one operator of ONNX Runtime in place of five of ONNX: scores are never written down as a whole.

With the plain operators the scores of all pairs lie in memory: at 512 pixels a denoiser of Stable Diffusion needs 1.1
GB for them, and most of its time. `com.microsoft.MultiHeadAttention` works through them in blocks (Dao et al.
2205.14135) on the processor, and on GPUs as well. The `Attention` of ONNX itself (opset 23) still writes them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from onnxscript import opset18 as op
from onnxscript import values

from export.precision.operators import ATTENTION, DOMAIN, know


def translations() -> Mapping[Callable[..., Any], Callable[..., Any]]:
    """How `torch.onnx.export` shall write attention (its `custom_translation_table`)."""
    know()
    return {torch.ops.aten.scaled_dot_product_attention.default: _joined}


def _joined(query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0,
            is_causal: bool = False, scale: float | None = None, enable_gqa: bool = False) -> Any:
    """Inputs [batch, heads, tokens, width], attention of every token to all, [batch, heads, tokens, width].

    Raises ValueError for attention that is masked, causal or grouped: a part with that must not ask for it.
    """
    if attn_mask is not None or is_causal or enable_gqa or dropout_p:
        raise ValueError("only plain attention can be written as one operator")
    heads = query.shape[1]
    told = {} if scale is None else {"scale": float(scale)}
    joined = values.Op(values.Opset(DOMAIN, 1), ATTENTION)
    answer = joined(*(_flat(one) for one in (query, key, value)), num_heads=int(heads), **told)
    apart = op.Reshape(answer, op.Constant(value_ints=[0, 0, int(heads), -1]))
    return op.Transpose(apart, perm=[0, 2, 1, 3])


def _flat(heads: Any) -> Any:
    """[batch, heads, tokens, width] -> [batch, tokens, heads * width], which the quick kernel wants."""
    return op.Reshape(op.Transpose(heads, perm=[0, 2, 1, 3]), op.Constant(value_ints=[0, 0, -1]))
