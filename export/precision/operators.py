"""What onnx has to be told of the one operator of ONNX Runtime that traced graphs hold: attention of several heads.

Without it the checker knows no such node, and inference of types ends at it.
"""

from __future__ import annotations

from typing import Any, Final

import onnx

DOMAIN: Final = "com.microsoft"
ATTENTION: Final = "MultiHeadAttention"


def know() -> None:
    """Tell onnx, once in a process."""
    if onnx.defs.has(ATTENTION, DOMAIN):
        return
    schema = onnx.defs.OpSchema
    told = schema(
        ATTENTION, DOMAIN, 1, doc="Attention of several heads over flat tokens.",
        inputs=[schema.FormalParameter(name, "T") for name in ("query", "key", "value")],
        outputs=[schema.FormalParameter("output", "T")],
        type_constraints=[("T", ["tensor(float)", "tensor(float16)"], "Numbers.")],
        attributes=[schema.Attribute("num_heads", schema.AttrType.INT, required=True),
                    schema.Attribute("scale", schema.AttrType.FLOAT, required=False)])
    told.set_type_and_shape_inference_function(_as_query)
    onnx.defs.register_schema(told)


def _as_query(context: Any) -> None:
    """The answer has the type and the shape of the query."""
    context.set_output_type(0, context.get_input_type(0))
