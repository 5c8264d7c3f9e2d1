"""The containers that model files come in, written byte by byte: torch's zip and its older stream, and the others."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.corpus.pickling import Call, Elsewhere, Name, code_of, dumps

STORAGES = {"float32": "FloatStorage", "float16": "HalfStorage", "bfloat16": "BFloat16Storage", "int64": "LongStorage",
            "uint8": "ByteStorage"}
MAGIC = 0x1950A86A20F9469CFC6C
SYSTEM = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


def tensor(key: str, array: np.ndarray[Any, Any], *, kind: str = "", count: int | None = None,
           strides: tuple[int, ...] | None = None, offset: int = 0, legacy: bool = False) -> Call:
    """`torch._utils._rebuild_tensor_v2` of a storage that lies elsewhere; `count` and `strides` may lie."""
    dense = tuple(int(step) // array.itemsize for step in array.strides)
    reference = ("storage", Name("torch", STORAGES[kind or str(array.dtype)]), key, "cpu",
                 array.size if count is None else count, *((None,) if legacy else ()))
    return Call("torch._utils", "_rebuild_tensor_v2",
                (Elsewhere(reference), offset, tuple(array.shape), dense if strides is None else strides, False,
                 Call("collections", "OrderedDict")))


def torch_zip(path: Path, value: Any, storages: dict[str, bytes], extra: dict[str, bytes] | None = None,
              root: str = "archive") -> Path:
    """A torch checkpoint; `value` may be bytes that stand for the whole pickle."""
    entries = {"data.pkl": value if isinstance(value, bytes) else dumps(value), "byteorder": b"little",
               **{f"data/{key}": data for key, data in storages.items()}, "version": b"3\n", **(extra or {})}
    with zipfile.ZipFile(path, "w") as out:
        for name, data in entries.items():
            out.writestr(zipfile.ZipInfo(f"{root}/{name}"), data)
    return path


def state_dict_zip(path: Path, arrays: dict[str, np.ndarray[Any, Any]]) -> Path:
    """An honest state dict in torch's zip."""
    table = {name: tensor(str(place), array) for place, (name, array) in enumerate(arrays.items())}
    return torch_zip(path, table, {str(place): array.tobytes() for place, array in enumerate(arrays.values())})


def legacy_stream(value: Any, storages: dict[str, tuple[int, bytes]], system: Any = None) -> bytes:
    """Torch's format before 1.6: five pickles, then a count and the numbers of each storage."""
    out = dumps(MAGIC) + dumps(1001) + dumps(SYSTEM if system is None else system) + dumps(value)
    out += dumps(list(storages))
    return out + b"".join(struct.pack("<q", count) + data for count, data in storages.values())


def wrapped_storage(array: np.ndarray[Any, Any], *, key: str = "94117") -> Call:
    """One storage as Python's plain pickler writes it: a legacy stream inside a string of bytes."""
    reference = ("storage", Name("torch", STORAGES[str(array.dtype)]), key, "cpu", array.size, None)
    stream = legacy_stream(Elsewhere(reference), {key: (array.size, array.tobytes())})
    return Call("torch.storage", "_load_from_bytes", (stream,))


def wrapped_parameter(array: np.ndarray[Any, Any], *, strides: tuple[int, ...] | None = None) -> Call:
    """A parameter of a pickled network."""
    dense = tuple(int(step) // array.itemsize for step in array.strides)
    inner = Call("torch._utils", "_rebuild_tensor_v2",
                 (wrapped_storage(array), 0, tuple(array.shape), dense if strides is None else strides, False,
                  Call("collections", "OrderedDict")))
    return Call("torch._utils", "_rebuild_parameter", (inner, True, Call("collections", "OrderedDict")))


def persistent(class_name: str, source: str, *, parameters: dict[str, Any] | None = None,
               buffers: dict[str, Any] | None = None, modules: dict[str, Any] | None = None, **state: Any) -> Call:
    """A network as NVIDIA's `torch_utils.persistence` stores it: class, source, state."""
    tables = {"_parameters": parameters or {}, "_buffers": buffers or {}, "_modules": modules or {}}
    inner = {"training": False, **{name: Call("collections", "OrderedDict", items=table)
                                   for name, table in tables.items()},
             "_non_persistent_buffers_set": Call("builtins", "set", ([],)), **state}
    meta = {"type": "class", "version": 6, "module_src": source, "class_name": class_name, "state": inner}
    return Call("torch_utils.persistence", "_reconstruct_persistent_obj", (meta,))


def stylegan(path: Path, arrays: dict[str, np.ndarray[Any, Any]], source: str,
             other: dict[str, Any] | None = None) -> Path:
    """A snapshot of NVIDIA's trainer: G, D, G_ema; `arrays` are those of G_ema, named `module.module.parameter`."""
    settings = Call("dnnlib.util", "EasyDict", items={"z_dim": 4, "img_resolution": 8,
                                                      "mapping_kwargs": {"num_layers": 2}})
    generator = _layers("Generator", source, arrays, z_dim=4, img_resolution=8, _init_args=(), _init_kwargs=settings)
    critic = _layers("Discriminator", source, {"b4.weight": np.zeros(3, np.float32)})
    value = {"G": critic, "D": critic, "G_ema": generator, "augment_pipe": None,
             "training_set_kwargs": {"path": "faces.zip", "resolution": 8}, **(other or {})}
    path.write_bytes(b"\x80\x04" + code_of(value) + b".")
    return path


def _layers(class_name: str, source: str, arrays: dict[str, np.ndarray[Any, Any]], **state: Any) -> Call:
    """Networks inside networks, by the dots in the names."""
    inner: dict[str, dict[str, np.ndarray[Any, Any]]] = {}
    for name, array in arrays.items():
        first, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(first, {})[rest] = array
    own = {name: wrapped_parameter(array) for name, array in arrays.items() if "." not in name}
    return persistent(class_name, source, parameters=own, **state,
                      modules={name: _layers(f"{name.title()}Layer", source, part) for name, part in inner.items()})


def safetensors(path: Path, header: bytes | dict[str, Any], body: bytes, length: int | None = None) -> Path:
    """A safetensors file, whose table and length may lie."""
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(data) if length is None else length) + data + body)
    return path


def npy_of_objects(pickle: bytes) -> bytes:
    """A numpy file that holds Python objects, which numpy would unpickle."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickle


def plain_zip(path: Path, entries: dict[str, bytes]) -> Path:
    """Any other zip."""
    with zipfile.ZipFile(path, "w") as out:
        for name, data in entries.items():
            out.writestr(zipfile.ZipInfo(name), data)
    return path


def endless_zeros(megabytes: int) -> bytes:
    """A deflate stream of that many zeros, made without packing them: one block, again and again."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    out = io.BytesIO()
    for _ in range(megabytes):
        out.write(block)
    out.write(zlib.compressobj(9, zlib.DEFLATED, -15).flush(zlib.Z_FINISH))
    return out.getvalue()
