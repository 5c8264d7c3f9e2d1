"""Half precision in weights and arithmetic, with every step in single precision that half could not hold.

The conversion is ONNX Runtime's own (`onnxruntime.transformers.float16`). It is told which nodes to leave alone: those
that are known to be delicate, those whose values came near float16's end on real inputs, those that work with numbers
too small for it, and what leads to a sine (a phase of 999.7 has no float16). Inputs and outputs stay float32.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxscript import ir

LIMIT = 8192.0
"""An eighth of what float16 holds: other inputs may be larger than those that were tried."""
TINY = 6.2e-5
"""Numbers below it lose digits in float16; an epsilon of 1e-8 vanishes altogether."""
DELICATE = frozenset({
    "Pow", "Exp", "Log", "Sqrt", "Reciprocal", "Sin", "Cos", "Softmax", "LogSoftmax", "CumSum", "Erf",
    "ReduceSum", "ReduceSumSquare", "ReduceMean", "ReduceL2", "ReduceProd", "ReduceLogSumExp",
    "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LpNormalization", "GRU", "LSTM", "RNN"})
_PHASES = frozenset({"Sin", "Cos"})
_STOPS = frozenset({"MatMul", "Gemm", "Conv", "ConvTranspose"})
_STRIPPED = 4096


def compute_half(model: ir.Model, single: Iterable[str]) -> ir.Model:
    """`model` with float16 arithmetic in all nodes but those named in `single`; inputs and outputs stay float32.

    The weights are converted when they are written, one by one.
    """
    from onnxruntime.transformers.float16 import convert_float_to_float16

    tensors = {name: value.const_value for name, value in model.graph.initializers.items()
               if value.const_value is not None}
    plain = _without_weights(model)
    ports = [port.name for port in (*plain.graph.input, *plain.graph.output) if port.name not in tensors]
    halved = ir.from_proto(convert_float_to_float16(plain, keep_io_types=ports, op_block_list=[],
                                                    node_block_list=sorted(single)))
    _with_weights(halved, tensors)
    _join_casts(halved)
    return halved


def single_nodes(model: ir.Model, ranges: Mapping[str, float]) -> set[str]:
    """Names of the nodes that have to stay in single precision; `ranges`: the largest magnitude of each value."""
    from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST

    tensors = {name: value.const_value for name, value in model.graph.initializers.items()
               if value.const_value is not None}
    plain = _without_weights(model)
    kinds = DELICATE | set(DEFAULT_OP_BLOCK_LIST)
    return {node.name for node in plain.graph.node if node.op_type in kinds} | delicate_nodes(plain, ranges, tensors)


def delicate_nodes(model: ModelProto, ranges: Mapping[str, float],
                   tensors: Mapping[str, ir.TensorProtocol]) -> set[str]:
    """Names of nodes that stay in single precision because of the numbers they meet."""
    makers = {name: node for node in model.graph.node for name in node.output}
    large = {name for name, value in ranges.items() if not value <= LIMIT}
    small = {name for name, tensor in tensors.items() if _too_small(tensor)}
    constants = {node.output[0] for node in model.graph.node if node.op_type == "Constant" and _tiny_constant(node)}
    found = {node.name for node in model.graph.node
             if large & {*node.input, *node.output} or (small | constants) & set(node.input)}
    for node in model.graph.node:
        if node.op_type in _PHASES:
            found |= _leading_to(node, makers)
    return found


def _leading_to(node: NodeProto, makers: Mapping[str, NodeProto]) -> set[str]:
    """Every node before `node`, back to the inputs of the graph or to the nearest product of matrices."""
    found: set[str] = set()
    waiting: list[NodeProto] = [node]
    while waiting:
        current = waiting.pop()
        if current.name in found or current.op_type in _STOPS:
            continue
        found.add(current.name)
        waiting += [makers[name] for name in current.input if name in makers]
    return found


def _too_small(tensor: ir.TensorProtocol) -> bool:
    """Whether a constant holds only numbers that float16 cannot hold: smaller than its normal ones, or larger."""
    if tensor.dtype != ir.DataType.FLOAT or tensor.size > _STRIPPED or tensor.size == 0:
        return False
    size = np.abs(tensor.numpy())
    return bool(size.max() > LIMIT or 0 < size.max() < TINY)


def _tiny_constant(node: NodeProto) -> bool:
    """The same for a Constant node."""
    for attribute in node.attribute:
        if attribute.name == "value" and attribute.t.data_type == TensorProto.FLOAT:
            size = np.abs(numpy_helper.to_array(attribute.t))
            return bool(size.size and (size.max() > LIMIT or 0 < size.max() < TINY))
        if attribute.name == "value_float":
            return 0 < abs(attribute.f) < TINY or abs(attribute.f) > LIMIT
    return False


def _without_weights(model: ir.Model) -> ModelProto:
    """The graph as a protobuf message in which large float tensors are inputs: types and shapes, but no numbers."""
    heavy = [value for value in model.graph.initializers.values() if value.const_value is not None
             and value.const_value.dtype == ir.DataType.FLOAT and value.const_value.size > _STRIPPED]
    kept = [(value, value.const_value) for value in heavy]
    for value in heavy:
        value.const_value = ir.tensor(np.zeros(1, np.float32), name=value.name)
    for value in model.graph.initializers.values():
        if isinstance(value.const_value, ir.ExternalTensor):     # the message has no folder to look for files in
            value.const_value = ir.tensor(value.const_value.numpy(), name=value.name)
    proto = ir.to_proto(model)
    for value, tensor in kept:
        value.const_value = tensor
    del proto.graph.value_info[:]     # it would be taken for a half, whatever the conversion decides
    names = {value.name for value in heavy}
    light = [tensor for tensor in proto.graph.initializer if tensor.name not in names]
    del proto.graph.initializer[:]
    proto.graph.initializer.extend(light)
    proto.graph.input.extend(
        helper.make_tensor_value_info(value.name or "", TensorProto.FLOAT, list(tensor.shape.numpy()))
        for value, tensor in kept if tensor is not None)
    return proto


def _with_weights(halved: ir.Model, tensors: Mapping[str, ir.TensorProtocol]) -> None:
    """Large tensors are initialisers again, in the type that the conversion gave them, converted when written."""
    for value in list(halved.graph.inputs):
        original = tensors.get(value.name or "")
        if original is not None:
            halved.graph.inputs.remove(value)
            value.const_value = original if value.dtype == ir.DataType.FLOAT else _half(value.name or "", original)
            halved.graph.register_initializer(value)


def _half(name: str, original: ir.TensorProtocol) -> ir.TensorProtocol:
    """The numbers as float16, once somebody reads them."""
    largest = float(np.finfo(np.float16).max)

    def numbers() -> ir.Tensor:
        return ir.Tensor(np.clip(original.numpy(), -largest, largest).astype(np.float16), name=name)

    return ir.LazyTensor(numbers, dtype=ir.DataType.FLOAT16, shape=original.shape, name=name)


def _join_casts(model: ir.Model) -> None:
    """A float32 that was cast to half and straight back was float32 all along: neighbours left alone stay exact."""
    for node in list(model.graph):
        before = node.inputs[0].producer() if node.op_type == "Cast" and node.inputs[0] is not None else None
        if before is None or before.op_type != "Cast" or _target(node) != ir.DataType.FLOAT \
                or _target(before) != ir.DataType.FLOAT16:
            continue
        source = before.inputs[0]
        if source is not None and _is_single(source) and node.outputs[0] not in model.graph.outputs:
            ir.convenience.replace_all_uses_with(node.outputs[0], source)


def _is_single(value: ir.Value) -> bool:
    """Whether the conversion left this value in single precision."""
    return value.dtype == ir.DataType.FLOAT


def _target(node: ir.Node) -> ir.DataType:
    return ir.DataType(node.attributes.get_int("to", 0))
