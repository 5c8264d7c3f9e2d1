"""The names that a model file may use, each with the function of ours that stands for it. Any other name is refused.

Classes of training scripts and frameworks (a Lightning callback, somebody's configuration) become a bare name: they are
common beside honest weights. Names of Python's own library and of programs are refused outright: no weights need them,
and a file that asks for one is either an attack or not a model.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from export.checkpoint.dtypes import STORED
from export.checkpoint.faults import SAFE_COPY, STATE_DICT, Unreadable, shown
from export.checkpoint.stored import Held, Storage, StoredTensor
from export.checkpoint.values import (
    ArrayKind,
    Foreign,
    ForeignName,
    Function,
    NumberKind,
    Persisted,
    Settings,
    StoredArray,
    array_tensor,
    whole_numbers,
)

STORAGES = {
    "DoubleStorage": "float64", "FloatStorage": "float32", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool", "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128", "UntypedStorage": None,
}
MAX_FOREIGN = 1000
LONGEST_NUMBER = 1000
_PROPER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_<>][A-Za-z0-9_<>]*)*")

# Tops of names that no weights need. Nothing of them would be run here either; the person is to know what they hold.
_SUSPECT = frozenset({
    *sys.stdlib_module_names, "__builtin__", "copy_reg", "commands", "exceptions", "distutils", "torch", "numpy", "pip",
    "setuptools", "pkg_resources", "wheel", "dill", "cloudpickle", "functorch"} - {"__main__"})
_HARMLESS = ("torch.nn.", "torch.optim.", "torch.distributed.", "torch.ao.", "torch.cuda.amp", "torch.amp",
             "numpy.random.", "torch._utils._rebuild_")
# Small things beside weights that nobody misses.
_UNTOLD = frozenset({
    "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.Path", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
    "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
    "datetime.datetime", "datetime.timedelta", "datetime.date", "datetime.timezone",
    "collections.deque", "collections.Counter", "uuid.UUID", "decimal.Decimal", "fractions.Fraction",
    "types.SimpleNamespace", "functools.partial", "inspect._empty", "typing.Any", "typing.Union", "typing.Optional",
    "torch.Generator", "torch.strided", "torch.per_tensor_affine", "torch.per_channel_affine", "torch.Tensor",
    "torch.serialization._get_layout", "torch.contiguous_format", "torch.preserve_format",
})
_NAMESAKES = {
    "dnnlib.tflib": ("is a TensorFlow-era pickle (StyleGAN of 2019 or 2020), which is not supported",
                     "Convert it to PyTorch first with legacy.py of NVIDIA's stylegan2-ada-pytorch or stylegan3."),
    "tensorflow": ("is a TensorFlow pickle, which is not supported", "Convert the weights to .safetensors first."),
    "keras": ("is a Keras pickle, which is not supported", "Export the model to ONNX or .safetensors from Keras."),
    "joblib": ("was written by joblib, which stores Python objects, not weights", SAFE_COPY),
    "sklearn": ("is a scikit-learn model, which is no neural network", "Export it to ONNX with skl2onnx."),
    "torch.jit": ("is a compiled TorchScript program, not weights", STATE_DICT),
    "torch.fx": ("is a traced program (torch.fx), not weights", STATE_DICT),
    "torch.package": ("is a torch.package archive, which is a program", STATE_DICT),
}


def _rebuild_tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> Any:
    """`torch._utils._rebuild_tensor(_v2)`: a view of a typed storage."""
    if isinstance(storage, Foreign):
        return storage
    if not isinstance(storage, Storage) or type(offset) is not int or storage.dtype is None:
        raise Unreadable("holds a tensor without numbers", SAFE_COPY)
    return StoredTensor(storage, storage.dtype, offset, whole_numbers(shape), whole_numbers(strides))


def _rebuild_tensor_v3(storage: Any, offset: Any, shape: Any, strides: Any, *rest: Any) -> StoredTensor:
    """`torch._utils._rebuild_tensor_v3`: a view of plain bytes; after two flags comes its number format."""
    kind = rest[2] if len(rest) in (3, 4) else None
    if not isinstance(storage, Storage) or type(offset) is not int or not isinstance(kind, NumberKind) or not kind.name:
        raise Unreadable("holds a tensor without numbers", SAFE_COPY)
    return StoredTensor(storage, kind.name, offset, whole_numbers(shape), whole_numbers(strides))


def _first(value: Any, *_: Any) -> Any:
    """`_rebuild_parameter`, `Parameter`: the tensor itself."""
    if not isinstance(value, StoredTensor | Foreign):
        raise Unreadable("holds a parameter that is no tensor", SAFE_COPY)
    return value


def _rebuild_from_type(make: Any, _kind: Any, arguments: Any, *_: Any) -> Any:
    """`torch._tensor._rebuild_from_type_v2`: another of these functions, told by name; its extra state is dropped."""
    if not isinstance(make, Function) or not make.name.startswith("torch._utils.") or not isinstance(arguments, tuple):
        raise Unreadable("holds a tensor of an unknown kind", SAFE_COPY)
    return make.make(*arguments)


def _table(items: Any = (), *_: Any) -> dict[Any, Any]:
    """An ordered, counting or default dictionary: a plain one."""
    if isinstance(items, dict):
        return dict(items)
    if isinstance(items, list | tuple) and all(isinstance(pair, list | tuple) for pair in items):
        pairs = [(name, value) for name, value in items if isinstance(name, str)]
        if len(pairs) == len(items):
            return dict(pairs)
    raise Unreadable("holds a table that is none", SAFE_COPY)


def _default_table(*_: Any) -> dict[Any, Any]:
    """`collections.defaultdict`: empty; its items follow."""
    return {}


def _settings(*_: Any) -> Settings:
    """`argparse.Namespace` and its kin, empty; their state follows."""
    return Settings()


def _sequence(kind: Callable[..., Any]) -> Callable[..., Any]:
    """`list`, `tuple`, `set` ... called with plain items."""

    def make(items: Any = ()) -> Any:
        if not isinstance(items, list | tuple | set | frozenset):
            raise Unreadable("holds a list that is none", SAFE_COPY)
        if kind in (set, frozenset) and not all(isinstance(item, str | int | float) for item in items):
            raise Unreadable("holds a set of things that are neither texts nor numbers")
        return kind(items)

    return make


def _plain(kind: type[Any]) -> Callable[..., Any]:
    """`int`, `float`, `str` ... called with a plain number or text of sane length."""

    def make(value: Any = 0) -> Any:
        if not isinstance(value, int | float | str) or (isinstance(value, str) and len(value) > LONGEST_NUMBER):
            raise Unreadable("holds a number that is none")
        return kind(value)

    return make


def _complex(real: Any = 0.0, imaginary: Any = 0.0) -> complex:
    """`complex` of two numbers."""
    if not isinstance(real, int | float) or not isinstance(imaginary, int | float):
        raise Unreadable("holds a number that is none")
    return complex(real, imaginary)


def _scalar(kind: Any, data: Any = None) -> Any:
    """`numpy.core.multiarray.scalar`: one number."""
    return array_tensor(data, kind, ()).read().item()


def _from_buffer(data: Any, kind: Any, shape: Any, order: Any = "C") -> StoredArray:
    """`numpy._core.numeric._frombuffer`: an array of protocol 5."""
    array = StoredArray()
    array.tensor = array_tensor(data, kind, shape, fortran=order == "F")
    return array


def _persisted(meta: Any) -> Persisted:
    """`torch_utils.persistence._reconstruct_persistent_obj`: the record, its source kept as text."""
    if not isinstance(meta, dict) or meta.get("type") != "class":
        raise Unreadable("holds a network in an unknown wrapping", SAFE_COPY)
    name, source, state = meta.get("class_name"), meta.get("module_src"), meta.get("state")
    if not isinstance(name, str) or not isinstance(source, str) or not isinstance(state, dict):
        raise Unreadable("holds a network that is not whole")
    return Persisted(name, source, state)


def _array(*_: Any) -> StoredArray:
    """`numpy.core.multiarray._reconstruct`, empty; its state follows."""
    return StoredArray()


def _nothing(*_: Any) -> None:
    """A thing that plays no part in the weights: a device, a hook."""


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "torch._utils._rebuild_tensor": _rebuild_tensor,
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor,
    "torch._utils._rebuild_tensor_v3": _rebuild_tensor_v3,
    "torch._utils._rebuild_parameter": _first,
    "torch._utils._rebuild_parameter_with_state": _first,
    "torch.nn.parameter.Parameter": _first,
    "torch._tensor._rebuild_from_type_v2": _rebuild_from_type,
    "torch.Size": _sequence(tuple),
    "torch.device": _nothing,
    "torch_utils.persistence._reconstruct_persistent_obj": _persisted,
    "collections.OrderedDict": _table,
    "collections.defaultdict": _default_table,
    "dnnlib.util.EasyDict": _table,
    "easydict.EasyDict": _table,
    "argparse.Namespace": _settings,
    "pytorch_lightning.utilities.parsing.AttributeDict": _table,
    "lightning.pytorch.utilities.parsing.AttributeDict": _table,
    "lightning_fabric.utilities.data.AttributeDict": _table,
    "lightning.fabric.utilities.data.AttributeDict": _table,
}
for _top in ("builtins", "__builtin__"):
    _FUNCTIONS |= {f"{_top}.{_kind.__name__}": _sequence(_kind) for _kind in (list, tuple, set, frozenset)}
    _FUNCTIONS |= {f"{_top}.{_kind.__name__}": _plain(_kind) for _kind in (int, float, bool, str)}
    _FUNCTIONS |= {f"{_top}.complex": _complex, f"{_top}.dict": _table}
for _top in ("numpy.core.multiarray", "numpy._core.multiarray"):
    _FUNCTIONS |= {f"{_top}._reconstruct": _array, f"{_top}.scalar": _scalar}
for _top in ("numpy.core.numeric", "numpy._core.numeric"):
    _FUNCTIONS |= {f"{_top}._frombuffer": _from_buffer}
_FUNCTIONS |= {"numpy.dtype": ArrayKind, "numpy.ndarray": _array}

_VALUES: dict[str, Any] = {f"torch.{name}": NumberKind(name) for name in STORED}
_VALUES |= {f"{top}.{name}": NumberKind(kind) for name, kind in STORAGES.items() for top in ("torch", "torch.storage")}
_VALUES |= {name: Function(name, make) for name, make in _FUNCTIONS.items()}


class Names:
    """What the names of one file mean, and which foreign classes it named."""

    def __init__(self, path: Path, nested: Callable[[Any], Storage]) -> None:
        """`nested` stands for `torch.storage._load_from_bytes`: a whole small checkpoint inside a string of bytes."""
        self.foreign: set[str] = set()
        self._own = {
            "torch.storage._load_from_bytes": Function("torch.storage._load_from_bytes", nested),
            "_codecs.encode": Function("_codecs.encode", lambda text, code: self._encoded(path, text, code)),
            "copyreg._reconstructor": Function("copyreg._reconstructor", self._reconstructed),
            "copy_reg._reconstructor": Function("copyreg._reconstructor", self._reconstructed),
        }

    def find(self, module: str, name: str) -> Any:
        """The stand-in for `module.name`. Raises Unreadable for a name that no weights need."""
        full = f"{module}.{name}"
        known = _VALUES.get(full) or self._own.get(full)
        if known is not None:
            return known
        if _PROPER.fullmatch(full) and self._is_harmless(full):
            if full not in _UNTOLD:
                self.foreign.add(full)
            if len(self.foreign) > MAX_FOREIGN:
                raise Unreadable("names more classes than any checkpoint does", SAFE_COPY)
            return ForeignName(full)
        raise Unreadable(f"asks Python to fetch “{shown(full)}”, which no weights need and which may run a program",
                         SAFE_COPY)

    @staticmethod
    def _is_harmless(full: str) -> bool:
        """Whether a stranger's name is a class of a training script. Raises Unreadable for formats told by a name."""
        for start, (reason, remedy) in _NAMESAKES.items():
            if full.startswith(start + "."):
                raise Unreadable(reason, remedy)
        if full in _UNTOLD or full.startswith(_HARMLESS):
            return True
        return full.partition(".")[0] not in _SUSPECT

    @staticmethod
    def _encoded(path: Path, text: Any, code: Any) -> Held:
        """`_codecs.encode`: how Python 3 writes bytes for Python 2."""
        if not isinstance(text, str) or code not in ("latin1", "latin-1"):
            raise Unreadable("holds bytes in an unusual wrapping", SAFE_COPY)
        return Held(path, text.encode("latin-1"))

    @staticmethod
    def _reconstructed(kind: Any, *_: Any) -> Any:
        """`copyreg._reconstructor`: an object of a class, its state to follow."""
        if isinstance(kind, ForeignName):
            return Foreign(kind.name)
        if isinstance(kind, Function) and kind.make in (_settings, _table):
            return kind.make()
        raise Unreadable("makes an object in an unusual way", SAFE_COPY)
