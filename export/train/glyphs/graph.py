"""Exports the decoder to one ONNX file whose weights are half precision and whose arithmetic is single."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from export.nets.glyph_vae import GlyphDecoder

_SMALL = 64
"""Tensors with fewer numbers stay single precision: nothing to gain."""


def export_graph(decoder: GlyphDecoder, path: Path, *, half: bool) -> None:
    """Write `decoder` with a dynamic batch, opset 18, IR 10, no external data; weights as float16 when `half`."""
    decoder.eval()
    dimension = decoder.mean.shape[0]
    batch = torch.export.Dim("batch", min=1, max=4096)
    program = torch.onnx.export(
        decoder,
        (torch.zeros(3, dimension), torch.tensor([0, 1, 2])),
        dynamo=True,
        opset_version=18,
        input_names=["latent", "character"],
        output_names=["field", "advance", "middle"],
        dynamic_shapes={"latent": {0: batch}, "character": {0: batch}},
        external_data=False,
        verbose=False,
    )
    if program is None:
        message = "torch.onnx.export returned nothing"
        raise RuntimeError(message)
    model = program.model_proto
    if half:
        store_half(model)
    model.ir_version = min(model.ir_version, 10)
    _tidy(model)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def store_half(model: onnx.ModelProto) -> None:
    """Store every large float32 initialiser as float16 with a Cast in front of its users.

    The runtime folds the casts when it loads the file, so drawing costs what it cost before.
    """
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.single", to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])


def _tidy(model: onnx.ModelProto) -> None:
    """Drop what would tell about this machine: stack traces and paths in metadata."""
    del model.graph.value_info[:]
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
