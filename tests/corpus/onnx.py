"""O01 to O42: ONNX files that escape, lie, blow up, hang or kill; each the graph of a package with the right digests.

The page that lists them: facts on reliability, section 3. `door` says who has to notice: the check of the files, or the
engine child that loads and runs the graph (it may die of it; the program may not).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from tests import fakes
from tests.fakes import broken, graphs
from tests.fakes.packages import listed, read_manifest_dict, replace_graph, rewrite_manifest

Door = Literal["check", "engine", "opens"]
WEIGHTS = 8 * 3 * 32 * 32 * 4   # bytes of the weights that lie outside in the cases of external data


@dataclass(frozen=True)
class GraphCase:
    """`make` fills an empty folder with a package; `words` are what the refusal or the failure has to say."""

    name: str
    make: Callable[[Path], Path]
    door: Door
    words: str = ""


def color(**changes: Any) -> Callable[[Path], Path]:
    """The colour decoder with other nodes or constants."""
    return lambda folder: fakes.tiny_color(folder, **changes)


def edited(change: Callable[[ModelProto], None]) -> Callable[[Path], Path]:
    """The colour decoder with a change to the finished model."""

    def make(folder: Path) -> Path:
        model = sound()
        change(model)
        return replace_graph(fakes.tiny_color(folder), model.SerializeToString())

    return make


def sound() -> ModelProto:
    """The colour decoder itself."""
    return graphs.model(graphs.color_nodes(), graphs.color_constants(3), graphs.COLOR_OUTPUTS, condition="kind")


def before_latent(*nodes: NodeProto, constants: graphs.Constants | None = None) -> Callable[[Path], Path]:
    """Nodes that make `nothing`, a number that is added to the latent; everything else is sound."""

    def make(folder: Path) -> Path:
        made, held = graphs.color_nodes(), graphs.color_constants(3) | (constants or {})
        later = helper.make_node("Add", ["latent", "nothing"], ["latent_later"])
        for node in made:
            node.input[:] = ["latent_later" if name == "latent" else name for name in node.input]
        return fakes.tiny_color(folder, nodes=[*nodes, later, *made], constants=held)

    return make


# Weights in another file ---------------------------------------------------------------------------------------------

def outside(location: str, *, offset: str = "0", length: str = str(WEIGHTS), list_it: bool = True,
            place: Callable[[Path], None] | None = None) -> Callable[[Path], Path]:
    """The weights `styles` lie in another file; `place` puts something else where `w.data` is expected."""

    def make(folder: Path) -> Path:
        model = sound()
        tensor = next(item for item in model.graph.initializer if item.name == "styles")
        data = tensor.raw_data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", location), ("offset", offset), ("length", length)):
            tensor.external_data.add(key=key, value=value)
        replace_graph(fakes.tiny_color(folder), model.SerializeToString())
        (folder.parent / "secret.data").write_bytes(data)
        (folder / "w.data").write_bytes(data)
        if list_it:
            manifest = read_manifest_dict(folder)
            manifest["graphs"]["decoder"]["external"] = {"w.data": listed(folder / "w.data")}
            rewrite_manifest(folder, manifest)
        if place is None and location != "w.data":
            (folder / "w.data").unlink()
        elif place is not None:
            (folder / "w.data").unlink()
            place(folder / "w.data")
        return folder

    return make


def elsewhere(location: str) -> Callable[[Path], Path]:
    """Weights at a place that no manifest can list."""
    return outside(location, list_it=False)


# Graphs written byte by byte, because the library would not -----------------------------------------------------------

def field(number: int, data: bytes) -> bytes:
    """A protobuf field of bytes."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    """A protobuf number."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def nested_ifs(depth: int) -> bytes:
    """An If in an If in an If: node (operator, attribute with a graph) in graph in attribute in node ..."""
    graph = b""
    for _ in range(depth):
        node = field(4, b"If") + field(5, field(1, b"then_branch") + field(6, graph))
        graph = field(1, node)
    return b"\x08\x0a" + field(7, graph) + field(8, b"\x10\x12")


def raw(data: bytes) -> Callable[[Path], Path]:
    """These bytes as the graph."""
    return lambda folder: replace_graph(fakes.tiny_color(folder), data)


def two_gigabytes(folder: Path) -> Path:
    """A graph of more than 2 GB, which protobuf cannot read; most of it is a hole in the file."""
    fakes.tiny_color(folder)
    path = folder / "decoder.onnx"
    start = b"\x08\x0a" + b"\x3a" + varint((2 << 30) + 16) + b"\x52" + varint((2 << 30) + 10)
    path.write_bytes(start)
    os.truncate(path, len(start) + (2 << 30) + 10)
    manifest = read_manifest_dict(folder)
    manifest["graphs"]["decoder"].update(sha256="0" * 64, bytes=path.stat().st_size)
    rewrite_manifest(folder, manifest)
    return folder


def more_than_two_chains(count: int) -> Callable[[ModelProto], None]:
    """A chain of that many Identity steps in front."""

    def change(model: ModelProto) -> None:
        nodes = [helper.make_node("Identity", [f"i{step}" if step else "latent"], [f"i{step + 1}"])
                 for step in range(count)]
        for node in model.graph.node:
            node.input[:] = [f"i{count}" if name == "latent" else name for name in node.input]
        kept = list(model.graph.node)
        del model.graph.node[:]
        model.graph.node.extend([*nodes, *kept])

    return change


def reshaped(dims: list[int]) -> Callable[[ModelProto], None]:
    """The first weights say that they have other dimensions, and hold no numbers."""

    def change(model: ModelProto) -> None:
        tensor = model.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.ClearField("dims")
        tensor.dims.extend(dims)

    return change


def recursive(folder: Path) -> Path:
    """A function that calls itself."""
    opsets = [helper.make_opsetid("", graphs.OPSET), helper.make_opsetid("ha", 1)]
    endless = helper.make_function("ha", "f", ["a"], ["b"], [helper.make_node("f", ["a"], ["b"], domain="ha")], opsets)
    nodes = graphs.color_nodes()
    graphs.rewired(nodes, helper.make_node("f", ["latent"], ["latent_later"], domain="ha"))
    return fakes.tiny_color(folder, nodes=nodes, functions=[endless])


def circle(model: ModelProto) -> None:
    """Two steps that wait for each other."""
    model.graph.node.extend([helper.make_node("Add", ["p", "latent"], ["q"]),
                             helper.make_node("Identity", ["q"], ["p"])])
    model.graph.node[-3].input[0] = "q"


def other_output(kind: str) -> Callable[[ModelProto], None]:
    """The picture comes as a sequence or as an optional value."""

    def change(model: ModelProto) -> None:
        last = model.graph.node[-1]
        last.output[0] = "flat_image"
        operator = "SequenceConstruct" if kind == "sequence" else "Optional"
        model.graph.node.append(helper.make_node(operator, ["flat_image"], ["image"]))
        inner = helper.make_tensor_type_proto(TensorProto.FLOAT, ["batch", 3, graphs.SIDE, graphs.SIDE])
        make = helper.make_sequence_type_proto if kind == "sequence" else helper.make_optional_type_proto
        model.graph.output[0].CopyFrom(helper.make_value_info("image", make(inner)))

    return change


def spoiled(name: str, value: float) -> Callable[[Path], Path]:
    """The decoder with one of its constants all the same number."""
    held = graphs.color_constants(3)
    return color(constants=held | {name: np.full_like(held[name], value)})


def blank(folder: Path) -> Path:
    """Every picture is the same colour everywhere."""
    held = graphs.color_constants(3)
    return fakes.tiny_color(folder, constants=held | {"classes": held["classes"] * 0, "styles": held["styles"] * 0})


def set_opset(version: int) -> Callable[[ModelProto], None]:
    """Made for a runtime that does not exist yet."""

    def change(model: ModelProto) -> None:
        model.opset_import[0].version = version

    return change


def set_ir(model: ModelProto) -> None:
    """A file format that does not exist yet."""
    model.ir_version = 99


def bad_text(folder: Path) -> Path:
    """The name of an input is not UTF-8."""
    data = sound().SerializeToString()
    return replace_graph(fakes.tiny_color(folder), data.replace(b"\x06latent", b"\x06lat\xff\xfet"))


def twice(model: ModelProto) -> None:
    """Weights of one name, twice, different."""
    model.graph.initializer.append(numpy_helper.from_array(np.ones(3, np.float32), "styles"))


def long_note(model: ModelProto) -> None:
    """A note of 100 MB beside the graph."""
    model.metadata_props.add(key="note", value="x" * (100 << 20))


def wrong_rank(model: ModelProto) -> None:
    """The latent has three dimensions where the manifest says two."""
    model.graph.input[0].CopyFrom(helper.make_tensor_value_info("latent", TensorProto.FLOAT, ["batch", 1, graphs.DIM]))


def every_size_free(model: ModelProto) -> None:
    """No size of any input or output is known."""
    for port in (*model.graph.input, *model.graph.output):
        for number, dim in enumerate(port.type.tensor_type.shape.dim):
            dim.dim_param = f"{port.name}_{number}"


def symlink(path: Path) -> None:
    """A link out of the package."""
    path.symlink_to("../secret.data")


def hard_link(path: Path) -> None:
    """The same file under a second name, outside."""
    os.link(path.parent.parent / "secret.data", path)


def pipe(path: Path) -> None:
    """A pipe in place of a file."""
    os.mkfifo(path)


ONE = np.array([1], np.int64)
SHAPE_OF_LATENT = helper.make_node("Shape", ["latent"], ["sizes"], start=0, end=1)  # known only at run time
SUM_UP = helper.make_node("ReduceMax", ["much"], ["nothing"], keepdims=0)
CONTEXT = helper.make_node("EPContext", ["latent"], ["x"], domain="com.microsoft")
GIANT = np.array([1 << 36], np.int64)  # numbers: 256 GB
MEMORY = "not enough memory"
LISTED_NOT = "does not list"
UNSAFE = "not safe to open"
NO_ONNX = "not a whole ONNX file"

CASES = (
    GraphCase("O01_ext_parent", elsewhere("../secret.data"), "check", LISTED_NOT),
    GraphCase("O02_ext_nested_parent", elsewhere("a/../../secret.data"), "check", LISTED_NOT),
    GraphCase("O03_ext_absolute", elsewhere("/etc/passwd"), "check", LISTED_NOT),
    GraphCase("O04_ext_symlink", outside("w.data", place=symlink), "check", UNSAFE),
    GraphCase("O05_ext_hardlink", outside("w.data", place=hard_link), "check", "hard link"),
    GraphCase("O06_ext_fifo", outside("w.data", place=pipe), "check", UNSAFE),
    GraphCase("O07_ext_dev_zero", elsewhere("/dev/zero"), "check", LISTED_NOT),
    GraphCase("O08_ext_offset_2^62", outside("w.data", offset=str(1 << 62)), "check", "outside its weight file"),
    GraphCase("O09_ext_negative_offset", outside("w.data", offset="-8"), "check", "outside its weight file"),
    GraphCase("O10_ext_length_mismatch", outside("w.data", length=str(WEIGHTS - 4)), "engine", "cannot load"),
    GraphCase("O11_ext_missing", outside("w.data", place=lambda _: None), "check", "missing"),
    GraphCase("O12_ext_mem_addr_marker", elsewhere("*/_ORT_MEM_ADDR_/*"), "check", LISTED_NOT),
    GraphCase("O13_dims_2^40_no_data", edited(reshaped([1 << 40])), "engine", "load"),
    GraphCase("O14_dims_negative", edited(reshaped([-3, 3072])), "engine", "load"),
    GraphCase("O15_dims_overflow", edited(reshaped([1 << 33, 1 << 33])), "engine", "load"),
    GraphCase("O16_constantofshape_256GB", before_latent(
        SHAPE_OF_LATENT, helper.make_node("Mul", ["sizes", "giant"], ["large"]),
        helper.make_node("ConstantOfShape", ["large"], ["much"]), SUM_UP, constants={"giant": GIANT}),
        "engine", MEMORY),
    GraphCase("O17_expand_bomb", before_latent(
        SHAPE_OF_LATENT, helper.make_node("Mul", ["sizes", "giant"], ["large"]),
        helper.make_node("Cast", ["sizes"], ["seed"], to=TensorProto.FLOAT),
        helper.make_node("Expand", ["seed", "large"], ["much"]), SUM_UP, constants={"giant": GIANT}), "engine", MEMORY),
    GraphCase("O18_loop_infinite", fakes.slow, "engine", "took longer"),
    GraphCase("O19_functions_billion_laughs", fakes.billion_laughs, "check", "unfolds"),
    GraphCase("O20_function_recursive", recursive, "check", "unfolds"),
    GraphCase("O21_cycle", edited(circle), "engine", "load"),
    GraphCase("O22_deep_if_2000", raw(nested_ifs(2000)), "check", "nested too deep"),
    GraphCase("O23_chain_50k_identity", edited(more_than_two_chains(50_000)), "opens"),
    GraphCase("O24_chain_5M", raw(b"\x08\x0a" + field(7, b"\x0a\x00" * 5_000_000)), "check", "more than 200,000 steps"),
    GraphCase("O25_future_opset", edited(set_opset(99)), "check", "newer ONNX"),
    GraphCase("O26_future_ir", edited(set_ir), "check", "newer ONNX"),
    GraphCase("O27_bad_utf8_name", bad_text, "check", NO_ONNX),
    GraphCase("O28_truncated", raw(sound().SerializeToString()[:-2000]), "check", NO_ONNX),
    GraphCase("O29_random_bytes", raw(np.random.default_rng(0).bytes(4096)), "check", NO_ONNX),
    GraphCase("O30_custom_domain", fakes.foreign_operator, "check", "not part of ONNX"),
    GraphCase("O31_ep_context_node", color(nodes=[*graphs.color_nodes(), CONTEXT]), "check", "EPContext"),
    GraphCase("O32_sequence_io", edited(other_output("sequence")), "engine", "is seq(tensor(float))"),
    GraphCase("O32_optional_io", edited(other_output("optional")), "engine", "is optional(tensor(float))"),
    GraphCase("O33_ort_format_file", raw(b"\x1c\x00\x00\x00ORTM" + bytes(4000)), "check", NO_ONNX),
    GraphCase("O34_gather_out_of_range", before_latent(
        SHAPE_OF_LATENT, helper.make_node("Gather", ["latent", "far"], ["row"]),
        helper.make_node("ReduceMax", ["row"], ["nothing"], keepdims=0), constants={"far": np.array([99], np.int64)}),
        "engine", "failed while it ran"),
    GraphCase("O35_wrong_input_rank", edited(wrong_rank), "engine", "the input “latent” has the shape"),
    GraphCase("O36_nan_output", spoiled("styles", np.nan), "engine", "invalid numbers"),
    GraphCase("O37_constant_output", blank, "engine", "looks the same"),
    GraphCase("O38_abort_at_load", broken.aborts_at_load, "engine", "SIGFPE"),
    GraphCase("O38_abort_at_run", broken.aborts_at_run, "engine", "SIGFPE"),
    GraphCase("O39_dynamic_everything", edited(every_size_free), "opens"),
    GraphCase("O40_two_GB_protobuf", two_gigabytes, "check", "2 GB"),
    GraphCase("O41_duplicate_initializer", edited(twice), "engine", "load"),
    GraphCase("O42_metadata_100MB_string", edited(long_note), "check", "notes"),
)
