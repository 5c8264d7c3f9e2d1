"""A folder of ONNX graphs that make up one language model, as optimum, Transformers.js, onnxruntime-genai write them.

What the exporters have in common: `input_ids`, perhaps `attention_mask` and `position_ids`, a cache that goes in as
`past_key_values.N.key` and comes out longer as `present.N.key`, and `logits`. Names are read from genai_config.json
where it states others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import PackageError
from engine.packages.foreign_folder import config_of
from engine.packages.names import shown
from engine.packages.onnxfile import GraphFile, Port, survey
from engine.packages.parts import TextModel

GENAI = "genai_config.json"
TOKENIZER = "tokenizer.json"
_STEMS = ("model", "decoder_model_merged", "decoder_with_past_model", "decoder_model")
_ENDS = ("", "_fp16", "_quantized", "_int8", "_q8", "_q4")
_PLACES = ("", "onnx")
_ROLES = {"input_ids": "tokens", "attention_mask": "mask", "position_ids": "positions", "use_cache_branch": "cached"}
_WHOLE = ("int64", "int32")
_REAL = ("float32", "float16")
_CONTEXT = ("n_positions", "max_position_embeddings", "n_ctx", "max_sequence_length")
_HEADS = ("num_key_value_heads", "n_head_kv", "num_attention_heads", "n_head", "num_heads")
_WIDTHS = ("hidden_size", "n_embd", "d_model")
_CACHE_RANK = 4
_SEARCH = {"temperature": ("temperature", 0.01, 2), "top_k": ("top_k", 1, 200), "top_p": ("top_p", 0.05, 1),
           "repetition": ("repetition_penalty", 1, 2)}
_KEY_VALUE = re.compile(r"%d")


@dataclass(frozen=True)
class Step:
    """One graph that can continue texts, its ports by role: sizes fixed or free under the names the engine knows."""

    graph: GraphFile
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]
    state: Mapping[str, str]
    single: bool = False


@dataclass(frozen=True)
class TextFolder:
    """A language model: the graphs that may run it, the best first, and what its settings say."""

    folder: Path
    steps: tuple[Step, ...]
    vocabulary: int
    context: int | None
    start: int | None
    stop: tuple[int, ...]
    tokenizer: Path | None
    source: str                              # "optimum", "onnxruntime-genai"
    notes: tuple[str, ...] = ()
    kind: str = ""
    defaults: Mapping[str, float] = field(default_factory=dict)    # of the controls

    @property
    def title(self) -> str:
        """In words."""
        name = f"{self.kind} language model" if self.kind else "Language model"
        memory = "with a cache" if self.steps[0].state else "without a cache"
        return f"{name} {memory}, {self.vocabulary:,} tokens"

    @property
    def bytes(self) -> int:
        """The graph that is taken, with its weights."""
        return self.steps[0].graph.bytes

    def text(self, step: Step) -> TextModel:
        """The manifest's part for one of the graphs."""
        return TextModel("transformer", self.vocabulary, self.context, TOKENIZER if self.tokenizer else None,
                         dict(step.state), self.start, self.stop, step.single)


def text_folder_of(folder: Path, only: str = "") -> TextFolder | None:
    """The model, None where the folder is not of this form. Raises PackageError for one that cannot be used.

    `only`: the name of the one graph to look at.
    """
    genai = config_of(folder / GENAI)
    paths = list(_graphs(folder, genai, only))
    if not paths:
        return None
    surveyed = [survey(path) for path in paths]
    mine = [graph for graph in surveyed if _continues(graph, genai)]
    if not mine:
        return None
    home = folder if (folder / "config.json").is_file() or genai else mine[0].path.parent.parent
    settings = config_of(home / "config.json")
    _refuse_translators(folder, settings, mine[0])
    model = genai.get("model", {}) if isinstance(genai.get("model"), dict) else {}
    wanted = {**settings, **{name: model[name] for name in ("vocab_size", "eos_token_id", "bos_token_id")
                             if name in model}}
    steps = tuple(_step(graph, genai, settings) for graph in mine)
    vocabulary = _vocabulary(steps[0], wanted)
    context = _first(settings, _CONTEXT) or model.get("context_length")
    ends = wanted.get("eos_token_id")
    stop = tuple(token for token in (ends if isinstance(ends, list) else [ends])
                 if isinstance(token, int) and 0 <= token < vocabulary)
    start = wanted.get("bos_token_id")
    tokenizer = next((place / TOKENIZER for place in (folder, home) if _plain(place / TOKENIZER)), None)
    notes = () if tokenizer else (f"There is no {TOKENIZER} beside it, so texts are typed and shown as numbers.",)
    kind = str(model.get("type") or settings.get("model_type") or "")
    return TextFolder(folder, steps, vocabulary, context if isinstance(context, int) and context > 0 else None,
                      start if isinstance(start, int) and 0 <= start < vocabulary else None, stop, tokenizer,
                      "onnxruntime-genai" if genai else "optimum", notes, shown(kind)[:40],
                      _defaults({**config_of(home / "generation_config.json"), **_object(genai.get("search"))}))


def _graphs(folder: Path, genai: Mapping[str, Any], only: str) -> Iterator[Path]:
    """The files that may hold the decoder, the best first: those with a cache that starts empty."""
    if only:
        yield folder / only
        return
    stated = _decoder(genai).get("filename")
    names = [stated] if isinstance(stated, str) and Path(stated).name == stated else []
    names += [f"{stem}{end}.onnx" for stem in _STEMS for end in _ENDS]
    for place in _PLACES:
        found = [path for name in dict.fromkeys(names) if _plain(path := folder / place / name)]
        if found:
            yield from found
            return


def _continues(graph: GraphFile, genai: Mapping[str, Any]) -> bool:
    """Whether it takes tokens and yields a number for each of them."""
    names = _names(genai)
    return names["input_ids"] in {port.name for port in graph.inputs} and \
        names["logits"] in {port.name for port in graph.outputs}


def _step(graph: GraphFile, genai: Mapping[str, Any], settings: Mapping[str, Any]) -> Step:
    """Ports by role. Raises PackageError for inputs that nobody here knows how to feed."""
    names = _names(genai)
    roles = {names.get(name, name): role for name, role in _ROLES.items()}
    inputs: dict[str, Port] = {}
    outputs = {"logits": _shaped(_port(graph.outputs, names["logits"]), ("batch", "seen", ""), graph)}
    state = {}
    for port in graph.inputs:
        role = roles.get(port.name)
        if role is not None:
            inputs[role] = _told(port, role, graph)
            continue
        pair = _cache_pair(port.name, names, graph)
        if pair is None:
            raise _unfit(graph, f"it asks for “{shown(port.name)}”, which a text alone does not give")
        place, present = pair
        inputs[place] = _cache(port, settings, "past", graph)
        outputs[f"next_{place}"] = _cache(present, settings, "total", graph)
        state[place] = f"next_{place}"
    single = graph.path.stem.startswith("decoder_with_past")   # made for one token behind others
    return Step(graph, inputs, outputs, state, single)


def _names(genai: Mapping[str, Any]) -> dict[str, str]:
    """The exporter's names of everything, those of genai_config.json where it states them."""
    usual = {"input_ids": "input_ids", "attention_mask": "attention_mask", "position_ids": "position_ids",
             "logits": "logits", "past_key_names": "past_key_values.%d.key",
             "past_value_names": "past_key_values.%d.value", "present_key_names": "present.%d.key",
             "present_value_names": "present.%d.value"}
    decoder = _decoder(genai)
    told = {**_object(decoder.get("inputs")), **_object(decoder.get("outputs"))}
    return {**usual, **{name: text for name, text in told.items() if name in usual and isinstance(text, str)}}


def _cache_pair(name: str, names: Mapping[str, str], graph: GraphFile) -> tuple[str, Port] | None:
    """The role of a cache's input, and the output that feeds it; None for what is none."""
    for word in ("key", "value"):
        pattern = re.escape(names[f"past_{word}_names"]).replace("%d", r"(\d+)")
        match = re.fullmatch(pattern, name)
        if match:
            after = _KEY_VALUE.sub(match[1], names[f"present_{word}_names"])
            found = next((port for port in graph.outputs if port.name == after), None)
            return (f"{word}_{match[1]}", found) if found is not None else None
    return None


def _told(port: Port, role: str, graph: GraphFile) -> Port:
    """An input that is no cache."""
    if role == "cached":
        return Port(port.name, port.dtype, (1,))
    if port.dtype not in _WHOLE:
        raise _unfit(graph, f"its input “{shown(port.name)}” takes {port.dtype or 'something else'} instead of whole "
                            "numbers")
    return _shaped(port, {"tokens": ("batch", "time"), "mask": ("batch", "total"),
                          "positions": ("batch", "time")}[role], graph)


def _cache(port: Port, settings: Mapping[str, Any], time: str, graph: GraphFile) -> Port:
    """[batch, heads, time, size]; what the graph leaves open comes from the settings."""
    if port.dtype not in _REAL or port.shape is None or len(port.shape) != _CACHE_RANK:
        raise _unfit(graph, f"its cache “{shown(port.name)}” is {port.dtype or 'something else'} of "
                            f"{len(port.shape or ())} sizes; four of float32 or float16 can be kept")
    _, heads, _, size = port.shape
    count = heads if isinstance(heads, int) else _first(settings, _HEADS)
    width, every = _first(settings, _WIDTHS), _first(settings, ("num_attention_heads", "n_head", "num_heads"))
    length = size if isinstance(size, int) else _first(settings, ("head_dim",)) or (
        width // every if width and every else None)
    if count is None or length is None:
        raise _unfit(graph, "neither the graph nor config.json says how many heads its cache has")
    return Port(port.name, port.dtype, ("batch", count, time, length))


def _shaped(port: Port, names: tuple[str, ...], graph: GraphFile) -> Port:
    """The port with our names for its free sizes; an empty name keeps the size that the graph states."""
    shape = port.shape or ("",) * len(names)
    if len(shape) != len(names):
        raise _unfit(graph, f"“{shown(port.name)}” has {len(shape)} sizes instead of {len(names)}")
    if names[0] == "batch" and isinstance(shape[0], int) and shape[0] != 1:
        raise _unfit(graph, f"“{shown(port.name)}” takes exactly {shape[0]} texts at once")
    return Port(port.name, port.dtype, tuple(name or size for name, size in zip(names, shape, strict=True)))


def _vocabulary(step: Step, settings: Mapping[str, Any]) -> int:
    """How many tokens there are."""
    size = (step.outputs["logits"].shape or ("",))[-1]
    found = size if isinstance(size, int) else settings.get("vocab_size")
    if not isinstance(found, int) or found < 2:  # noqa: PLR2004 - a choice at least
        raise _unfit(step.graph, "neither the graph nor config.json says how many tokens it knows")
    return found


def _defaults(search: Mapping[str, Any]) -> dict[str, float]:
    """How its authors let it choose, where that is within what can be set."""
    given = {control: search.get(name) for control, (name, _, _) in _SEARCH.items()}
    return {control: float(value) for control, value in given.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
            and _SEARCH[control][1] <= value <= _SEARCH[control][2]}


def _refuse_translators(folder: Path, settings: Mapping[str, Any], graph: GraphFile) -> None:
    """A decoder that listens to an encoder writes about what that read, not on from a text."""
    if settings.get("is_encoder_decoder") is True or any((folder / place / "encoder_model.onnx").is_file()
                                                         for place in _PLACES):
        raise _unfit(graph, "it is half of a model that rewrites texts (encoder and decoder)")


def _decoder(genai: Mapping[str, Any]) -> Mapping[str, Any]:
    return _object(_object(genai.get("model")).get("decoder"))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(settings: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """The first of these settings that is a whole number."""
    return next((value for name in names if isinstance(value := settings.get(name), int)
                 and not isinstance(value, bool) and value > 0), None)


def _port(ports: tuple[Port, ...], name: str) -> Port:
    return next(port for port in ports if port.name == name)


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _unfit(graph: GraphFile, why: str) -> PackageError:
    return PackageError(f"“{graph.path.name}” cannot continue texts here: {why}.",
                        "Export a decoder-only language model with optimum (text-generation-with-past), or bring the "
                        "checkpoint it came from.", str(graph.path))
