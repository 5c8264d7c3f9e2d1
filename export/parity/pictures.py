"""Pictures of the report as data URIs: what PyTorch drew, what ONNX Runtime drew, and how they differ."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SMALL = 128
"""Pictures with fewer pixels a side are shown with their pixels as squares."""


@dataclass(frozen=True)
class Row:
    """One row of pictures: a side of the comparison."""

    side: str                                # "torch", "onnx", "difference"
    precision: str
    pictures: tuple[str, ...]                # data URIs
    small: bool


def rows(files: dict[str, str]) -> tuple[Row, ...]:
    """PyTorch's pictures once, then for each precision ONNX Runtime's and the difference; `files` as the proof left."""
    found: list[Row] = []
    for precision, name in files.items():
        if not Path(name).is_file():
            continue
        with np.load(name, allow_pickle=False) as data:
            sides = {side: data[side] for side in ("torch", "onnx", "difference")}
        for side, stack in sides.items():
            if side == "torch" and found:
                continue
            found.append(Row(side, precision, tuple(data_uri(picture) for picture in stack),
                             max(stack.shape[1:3]) < SMALL))
    return tuple(found)


def data_uri(picture: NDArray[np.uint8]) -> str:
    """[height, width, 1 or 3] as a PNG inside an address."""
    buffer = io.BytesIO()
    flat = picture[..., 0] if picture.shape[2] == 1 else picture
    Image.fromarray(np.ascontiguousarray(flat)).save(buffer, "PNG", optimize=True)
    return png_uri(buffer.getvalue())


def png_uri(data: bytes) -> str:
    """The bytes of a PNG file as an address."""
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
