"""`.safetensors`: a length, a JSON table, and the numbers without holes or overlaps; read here with stricter limits.

Of its own reader we keep the rules (the published format) and add ours: no duplicate names, a table of at most 16 MB,
at most 20,000 tensors. The numbers stay in the file.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from engine import strictjson
from export.checkpoint.dtypes import itemsize
from export.checkpoint.faults import AGAIN, Unreadable, shown
from export.checkpoint.stored import MAX_TENSORS, Region, Storage, StoredTensor, contiguous
from export.checkpoint.values import whole_numbers

MAX_HEADER = 16 << 20
_KINDS = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "F8_E4M3": "float8_e4m3fn",
          "F8_E5M2": "float8_e5m2", "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2FNUZ": "float8_e5m2fnuz",
          "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32",
          "U16": "uint16", "U8": "uint8", "BOOL": "bool", "C64": "complex64", "C128": "complex128"}
_METADATA = "__metadata__"


def read_safetensors(path: Path) -> tuple[dict[str, StoredTensor], dict[str, str]]:
    """The tensors and the notes that were saved with them. Raises Unreadable."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > MAX_HEADER or length > size - 8:
            raise Unreadable("has a table longer than any model's, or ends too early")
        header = file.read(length)
    try:
        table = strictjson.parse_object(header, max_bytes=MAX_HEADER, max_depth=4)
    except ValueError as error:
        raise Unreadable(f"has a table of weights that is damaged: {error}") from error
    metadata = table.pop(_METADATA, {})
    if not isinstance(metadata, dict) or any(not isinstance(text, str) for text in metadata.values()):
        raise Unreadable("has notes beside its weights that are not text")
    if len(table) > MAX_TENSORS:
        raise Unreadable(f"holds {len(table):,} tensors; no model has more than {MAX_TENSORS:,}")
    body = Region(path, 8 + length, size - 8 - length)
    tensors = {}
    spans = []
    for name, entry in table.items():
        tensors[name], span = _tensor(name, entry, body)
        spans.append(span)
    _check_cover(spans, body.length)
    return tensors, metadata


def _tensor(name: str, entry: Any, body: Region) -> tuple[StoredTensor, tuple[int, int]]:
    """One line of the table, and the bytes it claims."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise Unreadable(f"does not describe the tensor “{shown(name)}”")
    kind = _KINDS.get(str(entry["dtype"]))
    if kind is None:
        raise Unreadable(f"stores “{shown(name)}” as {shown(entry['dtype'], 20)}, numbers that are not supported",
                         "Save the weights as float32, float16 or bfloat16.")
    shape = whole_numbers(entry["shape"])
    start, end = _offsets(entry["data_offsets"])
    if end > body.length:
        raise Unreadable(f"ends before the numbers of “{shown(name)}”, as a half downloaded file does")
    if start > end or min(shape, default=0) < 0 or math.prod(shape) * itemsize(kind) != end - start:
        raise Unreadable(f"says two different sizes of “{shown(name)}”")
    storage = Storage(name, kind, math.prod(shape), body.part(start, end - start))
    return StoredTensor(storage, kind, 0, shape, contiguous(shape)), (start, end)


def _offsets(value: Any) -> tuple[int, int]:
    """First byte, and the byte behind the last."""
    start, end = whole_numbers(value) if isinstance(value, list) and len(value) == len(("start", "end")) else (-1, -1)
    if min(start, end) < 0:
        raise Unreadable("has a tensor without a place")
    return start, end


def _check_cover(spans: list[tuple[int, int]], length: int) -> None:
    """Every byte belongs to exactly one tensor."""
    end = 0
    for start, stop in sorted(spans):
        if start != end:
            raise Unreadable("has tensors that overlap or leave holes", AGAIN)
        end = stop
    if end != length:
        raise Unreadable(f"has {length - end:,} bytes that belong to no tensor", AGAIN)
