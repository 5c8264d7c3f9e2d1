"""What a file is by its first bytes and its table of contents, never by its name; and a way out for what is refused."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from export.checkpoint.faults import AGAIN, SAFE_COPY, STATE_DICT, Unreadable
from export.checkpoint.legacy import MAGIC_START

HEAD = 4096
_MAGIC_BY = 32
_IR_VERSIONS = bytes(range(1, 31))  # generously: onnx counts 13 in 2026


class Kind(Enum):
    """The containers that can be read."""

    SAFETENSORS = "safetensors"
    TORCH_ZIP = "torch-zip"
    TORCH_LEGACY = "torch-legacy"
    PICKLE = "pickle"


_FROM_KERAS = "In Keras, save the weights of each layer as .npz or .safetensors, or export the model to ONNX."
_AS_ONNX = "Drop it on the studio's window: a graph needs no conversion, only a few answers."
_UNPACK = "Unpack it first, and choose the model file inside."
_FOREIGN = "Ask for the PyTorch weights (.safetensors, .pt) that it was made from."

# First bytes, where they stand, what the file is, what to do.
_SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89HDF\r\n\x1a\n", "is an HDF5 file (Keras), which may carry code and is not supported", _FROM_KERAS),
    (0, b"GGUF", "is a GGUF file for llama.cpp, which is not supported", _FOREIGN),
    (0, b"\x93NUMPY", "is a single numpy array, not a model", STATE_DICT),
    (0, b"\x1f\x8b", "is packed with gzip", _UNPACK),
    (0, b"BZh", "is packed with bzip2", _UNPACK),
    (0, b"\xfd7zXZ", "is packed with xz", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "is packed with zstd", _UNPACK),
    (0, b"7z\xbc\xaf", "is packed with 7-Zip", _UNPACK),
    (0, b"Rar!", "is packed with RAR", _UNPACK),
    (257, b"ustar", "is a tar archive", _UNPACK),
    (4, b"TFL3", "is a TensorFlow Lite model, which is not supported", _FOREIGN),
    (4, b"ET12", "is an ExecuTorch program, which is not supported", STATE_DICT),
    (4, b"ORTM", "is a model in ONNX Runtime's own format, tied to one version",
     "Use the .onnx file it was made from."),
    (0, b"\x7fELF", "is a program, not a model", SAFE_COPY),
    (0, b"MZ", "is a program, not a model", SAFE_COPY),
    (0, b"\x89PNG", "is a picture, not a model", "Choose the model file."),
    (0, b"\xff\xd8\xff", "is a picture, not a model", "Choose the model file."),
    (0, b"%PDF", "is a PDF document, not a model", "Choose the model file."),
    (0, b"version https://git-lfs", "is a git-LFS pointer: a note of where the real file is, not the file",
     "Fetch the real file with `git lfs pull`, or download it from the model's page."),
    (0, b"PK\x05\x06", "is an empty zip", AGAIN),
    (0, b"\x08\x06\x12", "looks like an ONNX graph", _AS_ONNX),
)


def kind_of(path: Path) -> Kind:
    """The container of a regular file. Raises Unreadable for everything that holds no weights we can read."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("is empty")
    with path.open("rb") as file:
        head = file.read(HEAD)
    _refuse_known(head)
    if head[:4] == b"PK\x03\x04":
        return _kind_of_zip(path)
    if MAGIC_START in head[:_MAGIC_BY]:
        return Kind.TORCH_LEGACY
    if _is_safetensors(head):
        return Kind.SAFETENSORS
    if head[:1] == b"\x80" or head[:1] in b"(c}]i":
        return Kind.PICKLE
    raise Unreadable("is no model file that is known here",
                     "Bring .safetensors, a PyTorch checkpoint, a StyleGAN .pkl, an ONNX file, or a diffusers folder.")


def _refuse_known(head: bytes) -> None:
    """Raises Unreadable for what many people will try, and for what downloads turn into."""
    for place, signature, reason, remedy in _SIGNATURES:
        if head[place:place + len(signature)] == signature:
            raise Unreadable(reason, remedy)
    if _is_page(head):
        raise Unreadable("is a web page, not a model: the download needed a sign-in, or its address is out of date",
                         "Download it again in a browser, and look at the file's size.")
    if _is_onnx(head):
        raise Unreadable("looks like an ONNX graph", _AS_ONNX)
    if not head.strip(b"\0"):
        raise Unreadable("holds nothing but zeros, as a download that was never finished does")


def _is_page(head: bytes) -> bool:
    """HTML or an XML error message."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<error", b"<!--", b"<script", b"<body"))


def _is_safetensors(head: bytes) -> bool:
    """A length, then a JSON object. The length itself is judged by the reader."""
    return head[8:9] == b"{"


def _is_onnx(head: bytes) -> bool:
    """A protobuf whose first field is a small `ir_version`, followed by the producer, the graph or the opset."""
    return head[:1] == b"\x08" and head[1:2] in _IR_VERSIONS and head[2:3] in b"\x12\x1a\x22\x2a\x32\x3a\x42"


def _kind_of_zip(path: Path) -> Kind:
    """Torch's zip, or one of the many other things that are zips."""
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()[:10_000]
    # zipfile raises NotImplementedError for a zip of a newer kind than it knows.
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, OverflowError, EOFError, ValueError) as error:
        raise Unreadable("is a zip that ends too early or is damaged, as a half downloaded file is") from error
    bare = {name.split("/", 1)[-1] for name in names}
    last = {name.rsplit("/", 1)[-1] for name in names}
    if "constants.pkl" in bare or any(name.startswith("code/") for name in bare):
        raise Unreadable("is a compiled TorchScript program, not weights", STATE_DICT)
    if {"archive_format", "serialized_exported_program.json"} & last or any("models/" in name and name.endswith(".json")
                                                                            for name in names):
        raise Unreadable("is an exported program (.pt2), not weights", STATE_DICT)
    if any(name.startswith((".data/extern_modules", ".data/python_version", ".data/archive")) for name in bare):
        raise Unreadable("is a torch.package archive, which is a program", STATE_DICT)
    if "config.json" in names and last & {"model.weights.h5", "metadata.json"}:
        raise Unreadable("is a Keras model, which may carry code and is not supported", _FROM_KERAS)
    if "manifest.json" in last:
        raise Unreadable("is a zip with a package of the studio", "Add it to the shelf: it needs no conversion.")
    if names and all(name.endswith(".npy") for name in names):
        raise Unreadable("is a bundle of numpy arrays (.npz), which is not supported", STATE_DICT)
    if "data.pkl" not in last:
        raise Unreadable("is a zip, but not a checkpoint of torch", _UNPACK)
    return Kind.TORCH_ZIP
