"""What half-precision arithmetic does to a network, on a processor that has none: every step rounded to float16.

ONNX Runtime on a CPU computes float16 graphs in float32 and leaves most of the rounding out, so that running one there
proves nothing about a graphics card. Here the float32 graph gets an explicit round trip through float16 around every
step that would be computed in half: sums stay float32, as in the cards' own products, and 70,000 becomes infinite.
"""

from __future__ import annotations

from collections.abc import Iterable

from onnxscript import ir


def rounded(model: ir.Model, single: Iterable[str], floats: Iterable[str]) -> ir.Model:
    """`model`, changed in place, with every step rounded but the nodes named in `single`.

    `floats` names the float32 values (weights, inputs and what nodes yield); others pass as they are.
    """
    kept, names = set(single), set(floats)
    done: dict[ir.Value, ir.Value] = {}
    outputs = {value: index for index, value in enumerate(model.graph.outputs)}
    for node in list(model.graph):
        if node.name in kept:
            continue
        for index, value in enumerate(node.inputs):
            if value is not None and value.name in names:
                node.replace_input_with(index, _trip(model, value, done))
        for value in node.outputs:
            if value.name in names:
                _round_uses(model, value, done, outputs)
    return model


def _round_uses(model: ir.Model, value: ir.Value, done: dict[ir.Value, ir.Value],
                outputs: dict[ir.Value, int]) -> None:
    """Whatever reads the value, the caller of the graph included, gets the rounded one."""
    new = _trip(model, value, done)
    readers = [(use.node, use.idx) for use in value.uses()]
    for node, index in readers:
        if not (node.name or "").endswith("|Half"):
            node.replace_input_with(index, new)
    if value in outputs:
        name, value.name = value.name, f"{value.name}|exact"
        new.name, new.shape, new.type = name, value.shape, value.type
        model.graph.outputs[outputs[value]] = new


def _trip(model: ir.Model, value: ir.Value, done: dict[ir.Value, ir.Value]) -> ir.Value:
    """float32 → float16 → float32, once for each value; a value that is the end of a trip is its own."""
    if value in done:
        return done[value]
    if (value.name or "").endswith("|single"):
        return value
    half = ir.node("Cast", [value], {"to": int(ir.DataType.FLOAT16)}, name=f"{value.name}|Half")
    back = ir.node("Cast", [half.outputs[0]], {"to": int(ir.DataType.FLOAT)}, name=f"{value.name}|Single")
    half.outputs[0].name, back.outputs[0].name = f"{value.name}|half", f"{value.name}|single"
    producer = value.producer()
    if producer is None:
        model.graph.insert_before(next(iter(model.graph)), [half, back])
    else:
        model.graph.insert_after(producer, [half, back])
    done[value] = back.outputs[0]
    return back.outputs[0]
