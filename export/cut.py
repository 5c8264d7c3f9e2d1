"""Cuts the beginning of a traced graph out as a graph of its own: another end, the same weights on disk.

Tracing is what a conversion waits for longest, and a preview does nothing that the whole network does not do as well.
Two files then share one file of weights. That the piece computes what it should is proven like that of any other part.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnxscript import ir
from onnxscript.ir.passes import common

from engine.errors import ConversionError
from export.adapters.base import Part
from export.tidy import drop_unused_weights, name_ports


def cut_out(part: Part, whole: Path, path: Path) -> tuple[str, ...]:
    """Write the graph of `part`, a beginning of the one at `whole` in the same folder; names of its weight files.

    Raises ConversionError where the layer to end with is not in the graph, or an input of the part does not reach it.
    """
    model = ir.load(whole)
    graph = model.graph
    end = _end(graph, part)
    end.type = ir.TensorType(ir.DataType.from_numpy(np.dtype(part.outputs[0].dtype)))
    graph.outputs[:] = [end]
    common.RemoveUnusedNodesPass()(model)
    drop_unused_weights(graph)
    graph.inputs[:] = [value for value in graph.inputs if value.uses()]
    wanted, found = [slot.role for slot in part.inputs], [value.name for value in graph.inputs]
    if found != wanted:
        raise ConversionError(f"“{part.role}” was to be cut with the inputs {wanted}, but it has {found}.",
                              "Please report it with the name of the architecture and the log.", part.role)
    for value in graph.inputs:
        value.shape = None                   # a row less: the sizes are those of the part, not of the whole
    name_ports(graph, part.inputs, part.outputs)
    graph.name = part.role
    path.write_bytes(ir.to_proto(model).SerializeToString(deterministic=True))
    return tuple(sorted({str(value.const_value.location) for value in graph.initializers.values()
                         if isinstance(value.const_value, ir.ExternalTensor)}))


def _end(graph: ir.Graph, part: Part) -> ir.Value:
    """What the layer to end with yields last."""
    layer = part.cut.layer if part.cut is not None else ""
    nodes = [node for node in graph if (node.name or "").rpartition("/")[0] == layer]
    if not nodes:
        raise ConversionError(f"“{part.role}” was to end with the layer “{layer}”, which the graph does not have.",
                              "Please report it with the name of the architecture and the log.", part.role)
    return nodes[-1].outputs[0]
