"""C01 to C54: files that call themselves checkpoints. Most are attacks, lies or accidents; five must open.

The page that lists them: facts on reliability, section 3. Every payload would leave a file named `canary` behind.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.corpus import containers as box
from tests.corpus.case import Case
from tests.corpus.pickling import Call, Name, Raw, code_of, dumps

TOUCH = "touch canary"
PAYLOAD = Call("posix", "system", (TOUCH,))
EVIL_SOURCE = f"import os\nos.system({TOUCH!r})\nclass Generator: pass\n"
FETCH = "asks Python to fetch"
DAMAGED = "damaged"
SHORT = "ends"

_DICE = np.random.default_rng(0)
WEIGHTS = {"conv.weight": _DICE.standard_normal((4, 3, 3, 3), np.float32), "conv.bias": np.arange(4, dtype=np.float32)}
NETWORK = {"mapping.fc0.weight": _DICE.standard_normal((4, 4), np.float32),
           "mapping.fc0.bias": np.zeros(4, np.float32),
           "synthesis.b4.const": _DICE.standard_normal((4, 4, 4), np.float32),
           "synthesis.b4.torgb.weight": _DICE.standard_normal((3, 4, 1, 1), np.float32)}
F32 = np.zeros(4, np.float32)


def pickled(value: Any, name: str = "model.pkl", protocol: int = 2) -> Callable[[Path], Path]:
    """A plain pickle."""
    return written(name, dumps(value, protocol))


def written(name: str, data: bytes) -> Callable[[Path], Path]:
    """A file of these bytes."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def in_zip(value: Any, storages: dict[str, bytes] | None = None, extra: dict[str, bytes] | None = None,
           ) -> Callable[[Path], Path]:
    """A torch zip with this pickle."""
    return lambda folder: box.torch_zip(folder / "model.pt", value, storages or {}, extra)


def entry(dtype: str = "F32", shape: tuple[int, ...] = (4,), start: int = 0, end: int = 16) -> dict[str, Any]:
    """A line of a safetensors table."""
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def st(header: Any, size: int = 16, length: int | None = None) -> Callable[[Path], Path]:
    """A safetensors file with a body of zeros."""
    return lambda folder: box.safetensors(folder / "model.safetensors", header, bytes(size), length)


def zipped(name: str, entries: dict[str, bytes]) -> Callable[[Path], Path]:
    """Another kind of zip."""
    return lambda folder: box.plain_zip(folder / name, entries)


def deflated_bomb(folder: Path) -> Path:
    """2 MB that would become 2 GB: the storage is a compressed entry."""
    path = folder / "model.pt"
    table = {"w": box.tensor("0", np.broadcast_to(np.uint8(0), (2 << 30,)), strides=(1,))}
    bomb = box.endless_zeros(2048)
    box.torch_zip(path, table, {"0": bomb})
    data = bytearray(path.read_bytes())
    place = data.index(b"archive/data/0") - 30
    central = data.rindex(b"archive/data/0") - 46
    for start, method, sizes in ((place, 8, 18), (central, 10, 20)):
        struct.pack_into("<H", data, start + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<II", data, start + sizes, len(bomb), 2 << 30)
    path.write_bytes(data)
    return path


def bad_check_sum(folder: Path) -> Path:
    """The pickle's check sum is wrong, so that scanners skip what readers read."""
    path = box.torch_zip(folder / "model.pt", dumps(PAYLOAD), {})
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        struct.pack_into("<I", data, data.index(signature) + place, 0)
    path.write_bytes(data)
    return path


def half_of(folder: Path) -> Path:
    """A download that stopped."""
    path = box.state_dict_zip(folder / "model.pt", {"w": np.ones(5000, np.float32)})
    path.write_bytes(path.read_bytes()[:9000])
    return path


def polyglot(folder: Path) -> Path:
    """A pickle first, a sound zip behind it: two readers see two files."""
    path = box.state_dict_zip(folder / "model.pt", WEIGHTS)
    path.write_bytes(dumps(PAYLOAD) + path.read_bytes())
    return path


def folder_named_model(folder: Path) -> Path:
    """A folder with the name of a file."""
    (folder / "model.pt").mkdir()
    return folder / "model.pt"


def keyed_tuples(depth: int) -> Raw:
    """A dict key whose hash takes 2^depth steps: each tuple holds the one before twice."""
    return Raw(b"}(" + code_of("x") + b"\x85" + b"2\x86" * depth + b"K\x01u")


def lightning(folder: Path) -> Path:
    """A checkpoint of Lightning: weights under `state_dict`, callbacks and settings as objects of its classes."""
    table = {f"model.{name}": box.tensor(str(place), array) for place, (name, array) in enumerate(WEIGHTS.items())}
    callback = Call("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint", (), new=True,
                    state={"monitor": "loss", "best": box.tensor("1", WEIGHTS["conv.bias"])})
    value = {"epoch": 3, "pytorch-lightning_version": "2.4.0",
             "callbacks": {"ModelCheckpoint": callback, Name("mine.callbacks", "Halve"): {"best": 1}},
             "hyper_parameters": Call("pytorch_lightning.utilities.parsing", "AttributeDict", items={"nz": 100}),
             "state_dict": Call("collections", "OrderedDict", items=table, state={"_metadata": {}})}
    return box.torch_zip(folder / "last.ckpt", value, {str(place): array.tobytes()
                                                       for place, array in enumerate(WEIGHTS.values())})


def small_floats(folder: Path) -> Path:
    """bfloat16 and eight-bit floats: 1.0, -2.0, 0.5 in each."""
    body = struct.pack("<3H", 0x3F80, 0xC000, 0x3F00) + bytes([0x38, 0xC0, 0x30]) + bytes([0x3C, 0xC0, 0x38])
    return box.safetensors(folder / "small.safetensors", {
        "b": entry("BF16", (3,), 0, 6), "e4": entry("F8_E4M3", (3,), 6, 9), "e5": entry("F8_E5M2", (3,), 9, 12)}, body)


HALVES = np.array([1.0, -2.0, 0.5], np.float32)
NOT_NUMBERS = {"w": np.array([1.0, np.nan, 3.0], np.float32)}
CONFUSED = Raw(  # the same place is remembered with PUT and with MEMOIZE, so that a naive reader sees other names
    b"\x8c\x05posixq\x00\x8c\x06system\x94\x8c\x0bcollections0h\x00h\x01\x93" + code_of((TOUCH,)) + b"R")
SLOT_STATE = Call("numpy.core.multiarray", "_reconstruct", (Name("numpy", "ndarray"), (0,), b"b"),
                  state=(None, {"__setstate__": Name("posix", "system")}))
KERAS_LAMBDA = b'{"class_name": "Lambda", "config": {"function": "__import__(\'os\').system(\'touch canary\')"}}'
LINE = b'{"dtype":"F32","shape":[4],"data_offsets":[0,16]}'

CASES = (
    Case("C01_reduce_os_system", in_zip(PAYLOAD), FETCH),
    Case("C02_builtins_exec", pickled(Call("builtins", "exec", ("open('canary', 'w')",))), FETCH),
    Case("C03_builtins_getattr_chain", pickled(Call("builtins", "getattr", (Name("os", "path"), "os"))), FETCH),
    Case("C04_importlib_import", pickled(Call("importlib", "import_module", ("this",))), FETCH),
    Case("C05_pip_main", pickled(Call("pip", "main", (["install", "canary"],))), FETCH),
    Case("C06_asyncio_subtransport", pickled(Call("asyncio.unix_events", "_UnixSubprocessTransport._start", (
        {}, TOUCH, True, None, None, None, 0))), FETCH),
    Case("C07_numpy_build_slotstate", pickled(SLOT_STATE), FETCH),
    Case("C08_numpy_builtins_eval", pickled(
        Raw(b"\x8c\x05numpy\x8c\x11__builtins__.eval\x93" + code_of((TOUCH,)) + b"R"), protocol=4), FETCH),
    Case("C09_memo_confusion_put_memoize", pickled(CONFUSED, protocol=4), FETCH),
    Case("C10_zip_bad_crc", bad_check_sum, DAMAGED),
    Case("C11_zip_deflated_storage_bomb", deflated_bomb, "compressed"),
    Case("C12_zip_storage_short", in_zip({"w": box.tensor("0", np.zeros(9, np.float32))}, {"0": bytes(4)}), "bytes"),
    Case("C13_zip_two_data_pkl", in_zip({"w": box.tensor("0", F32)}, {"0": F32.tobytes()},
                                        {"other/data.pkl": dumps(PAYLOAD)}), "2 pickles"),
    Case("C14_sg_genuine_tiny", lambda folder: box.stylegan(folder / "network.pkl", NETWORK, "class Generator: pass\n"),
         tensors=NETWORK, says="class Generator: pass"),
    Case("C15_sg_evil_module_src", lambda folder: box.stylegan(folder / "network.pkl", NETWORK, EVIL_SOURCE),
         tensors=NETWORK, says=TOUCH),
    Case("C16_sg_load_from_bytes_nested", lambda folder: box.stylegan(
        folder / "network.pkl", NETWORK, "", {"G_ema": box.persistent("Generator", "", parameters={
            "w": Call("torch.storage", "_load_from_bytes", (dumps(PAYLOAD),))})}), FETCH),
    Case("C17_sg_legacy_sysinfo_payload", written("model.pt", box.legacy_stream({}, {}, system=PAYLOAD)), FETCH),
    Case("C18_sg_oob_stride", lambda folder: box.stylegan(
        folder / "network.pkl", NETWORK, "", {"G_ema": box.persistent("Generator", "", parameters={
            "w": box.wrapped_parameter(np.zeros((4, 4), np.float32), strides=(1 << 40, 1))})}), "reaches outside"),
    Case("C19_tf_stylegan2_network_stub", pickled((Call("dnnlib.tflib.network", "Network", (), new=True, state={
        "version": 4, "build_module_src": EVIL_SOURCE}),) * 3, protocol=4), "TensorFlow-era"),
    Case("C20_torchscript_zip", in_zip(PAYLOAD, {}, {"constants.pkl": dumps(()), "code/__torch__.py": b"x"}),
         "TorchScript"),
    Case("C21_pt2_archive_nested_pickle", zipped("model.pt2", {
        "model/archive_format": b"pt2", "model/models/model.json": b"{}", "model/data/weights/w.pt": dumps(PAYLOAD)}),
         ".pt2"),
    Case("C22_torch_package", zipped("model.pt", {
        "model/.data/extern_modules": b"os\n", "model/.data/version": b"6\n", "model/model/model.pkl": dumps(PAYLOAD)}),
         "torch.package"),
    Case("C23_weights_only_setitem_nondict", in_zip(
        Raw(code_of(box.tensor("0", F32)) + code_of(1) + code_of(2) + b"s"), {"0": F32.tobytes()}), "sets an item"),
    Case("C24_storage_numel_lie", in_zip({"w": box.tensor("0", F32, count=1 << 40)}, {"0": F32.tobytes()}), "bytes"),
    Case("C25_pickle_ext_mismatch", pickled(PAYLOAD, "pytorch_model.bin"), FETCH),
    Case("C26_lightning_ckpt_callbacks", lightning, tensors=WEIGHTS, says="ModelCheckpoint"),
    Case("C27_keras_lambda_zip", zipped("model.keras", {
        "config.json": KERAS_LAMBDA, "metadata.json": b"{}", "model.weights.h5": b"\x89HDF\r\n\x1a\n"}), "Keras"),
    Case("C28_h5_lambda", written("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(500) + KERAS_LAMBDA), "HDF5"),
    Case("C29_joblib_dump", pickled(Call("joblib.numpy_pickle", "NumpyArrayWrapper", (), new=True, state={}),
                                    "model.joblib", 4), "joblib"),
    Case("C30_numpy_object_npy", written("weights.npy", box.npy_of_objects(dumps(PAYLOAD))), "numpy array"),
    Case("C31_st_header_len_2^64", st({"w": entry()}, length=(1 << 64) - 1), "longer than any"),
    Case("C32_st_header_over_100MB", st(b'{"w": ' + b" " * (17 << 20) + b"1}"), "longer than any"),
    Case("C33_st_short_body", st({"w": entry()}, 12), SHORT),
    Case("C34_st_extra_body", st({"w": entry()}, 20), "belong to no tensor"),
    Case("C35_st_overlap", st({"a": entry(), "b": entry(start=8, end=24)}, 24), "overlap"),
    Case("C36_st_hole", st({"a": entry(), "b": entry(start=20, end=36)}, 36), "holes"),
    Case("C37_st_shape_overflow", st({"w": entry(shape=(1 << 62, 4, 4))}), "two different sizes"),
    Case("C38_st_bad_dtype", st({"w": entry("Q4_K")}), "Q4_K"),
    Case("C39_st_negative_offset", st({"w": entry(start=-16, end=0)}), "without a place"),
    Case("C40_st_duplicate_key", st(b'{"w": %b, "w": %b}' % (LINE, LINE)), "twice"),
    Case("C41_st_300k_tensors", st({f"t{i}": entry(shape=(0,), start=0, end=0) for i in range(300_000)}, 0),
         "longer than any"),
    Case("C42_st_metadata_not_string", st({"__metadata__": {"format": 7}, "w": entry()}), "not text"),
    Case("C43_pickle_deep_nest_1e6", pickled(Raw(b"]" * 1_000_000 + b"a" * 999_999)), "deeper"),
    Case("C44_pickle_long_binput_2^31", pickled(Raw(b"]r\xff\xff\xff\x7f")), "places to remember"),
    Case("C45_pickle_binbytes8_2^60", pickled(Raw(b"\x8e" + struct.pack("<Q", 1 << 60) + b"x"), protocol=4), SHORT),
    Case("C46_pickle_hash_doubling", pickled(keyed_tuples(60)), "as a key"),
    Case("C47_nan_weights", lambda folder: box.state_dict_zip(folder / "model.pt", NOT_NUMBERS), tensors=NOT_NUMBERS,
         says="contains NaN"),
    Case("C48_fp8_bf16_dtypes", small_floats, tensors={"b": HALVES, "e4": HALVES, "e5": HALVES}),
    Case("C49_half_downloaded", half_of, SHORT),
    Case("C50_html_404_named_ckpt", written("model.ckpt", b"<!DOCTYPE html>\n<html>404</html>"), "web page"),
    Case("C51_git_lfs_pointer", written("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n"
                                        b"oid sha256:" + b"0" * 64 + b"\nsize 12345\n"), "LFS pointer"),
    Case("C52_polyglot_zip_pickle", polyglot, FETCH),
    Case("C53_empty_file", written("model.pt", b""), "is empty"),
    Case("C54_directory_named_model.pt", folder_named_model, "is a folder"),
)
