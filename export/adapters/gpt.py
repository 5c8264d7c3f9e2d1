"""GPT-2 from Transformers folders and weights, and nanoGPT checkpoints: one graph that continues a text with a cache.

Sizes come from the weights. The number of heads does not show in them: it comes from config.json or model_args.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import CheckpointError
from export.adapters.base import USUAL, Built, Detection, Part, Slot
from export.adapters.gpt_names import ACTIVATIONS, Found, found_in, is_tied, weights_of
from export.adapters.gpt_tokenizer import TOKENIZER, tokenizer_of
from export.adapters.vocabulary import CHARACTERS, as_file, start_and_stop, texts_of
from export.checkpoint.source import Source

_TRIALS = ({"batch": 1, "time": 1, "past": 0}, {"batch": 1, "time": 7, "past": 0}, {"batch": 1, "time": 1, "past": 9},
           {"batch": 3, "time": 2, "past": 5})


class Gpt:
    """`wte / wpe / h.0.attn.c_attn ...`, with or without `transformer.` in front, matrices stored either way round."""

    name = "gpt"
    precisions = (*USUAL, "int4")
    open = ("heads", "activation", "eps")

    def detect(self, source: Source) -> Detection | None:
        """What the names and shapes say."""
        found = found_in(source)
        if found is None:
            return None
        kind = "GPT-2" if found.conv1d else "nanoGPT"
        title = f"{kind} language model, {found.layers} blocks of {found.width}, {found.vocabulary:,} tokens"
        way = "in × out, as Transformers stores it" if found.conv1d else "out × in, as nanoGPT stores it"
        reasons = (f"`{found.prefix}wte.weight` holds {found.width} numbers for each of {found.stored:,} tokens",
                   f"`{found.prefix}wpe.weight` holds {found.context:,} positions",
                   f"`{found.prefix}h.0.attn.c_attn.weight` is {way}",
                   f"`{found.prefix}h.{found.layers - 1}` is the last of {found.layers} blocks")
        sizes: dict[str, int | float | str] = {
            "vocabulary": found.vocabulary, "context": found.context, "width": found.width, "layers": found.layers,
            "heads": found.heads, "activation": found.activation, "eps": found.eps}
        return Detection(self.name, "text", title, reasons, sizes, 0.98, found.guesses)

    def build(self, source: Source, detection: Detection) -> Built:
        """The one graph. Raises CheckpointError for missing weights and for heads that do not divide the width."""
        found = found_in(source)
        if found is None:
            raise CheckpointError("These weights are no GPT-2.", "Choose another architecture.")
        part = _part(_module(source, found, detection.sizes), found, int(detection.sizes["heads"]))
        text: dict[str, Any] = {
            "kind": "transformer", "vocabulary": found.vocabulary, "context": found.context,
            "state": {slot.role: f"next_{slot.role}" for slot in part.inputs[1:]}}
        files, notes = _words(source, found, text)
        return Built((part,), {"text": text}, files, notes=notes)


def _part(module: Any, found: Found, heads: int) -> Part:
    """`step`: the cache has a time of its own, which may be nothing."""
    count, head = found.vocabulary, found.width // heads
    names = [f"{word}_{number}" for number in range(found.layers) for word in ("key", "value")]
    inputs = [Slot("tokens", "int64", ("batch", "time"), lambda dice, shape: dice.integers(0, count, shape))]
    inputs += [Slot(name, "float32", ("batch", heads, "past", head)) for name in names]
    outputs = [Slot("logits", "float32", ("batch", "time", count))]
    outputs += [Slot(f"next_{name}", "float32", ("batch", heads, "total", head)) for name in names]
    return Part("step", module, tuple(inputs), tuple(outputs), example={"batch": 2, "time": 3, "past": 4},
                trials=_TRIALS, precisions=Gpt.precisions)


def _module(source: Source, found: Found, settings: Mapping[str, int | float | str]) -> Any:
    """The network with its weights, read one tensor at a time."""
    import torch

    from export.nets.gpt import GptStep, Sizes

    heads = int(settings["heads"])
    if heads < 1 or found.width % heads:
        raise CheckpointError(f"{heads} heads do not divide the width of {found.width}.",
                              'Set the number of heads: --args with {"heads": 12}, for example.', "heads")
    if settings["activation"] not in ACTIVATIONS:
        raise CheckpointError(f"“activation” cannot be “{settings['activation']}”.",
                              f"Known are {', '.join(ACTIVATIONS)}.", "activation")
    sizes = Sizes(found.vocabulary, found.context, found.width, heads, found.layers, found.inner,
                  settings["activation"], float(settings["eps"]), found.bias, is_tied(source, found),  # type: ignore[arg-type]
                  found.by_depth)
    with torch.device("meta"):
        made = GptStep(sizes)
    for name, values in weights_of(source, found, {name: tuple(value.shape)
                                                   for name, value in made.state_dict().items()}):
        owner, _, last = name.rpartition(".")
        setattr(made.get_submodule(owner), last, torch.nn.Parameter(torch.from_numpy(values), requires_grad=False))
    return made.eval()


def _words(source: Source, found: Found, text: dict[str, Any]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Files and notes about how texts become tokens; `text` is completed."""
    start, stop = found.start, found.stop
    files: dict[str, bytes] = {}
    tokenizer = tokenizer_of(source)
    texts = texts_of(found.settings, found.vocabulary)
    if tokenizer is not None:
        text["tokenizer"], files = TOKENIZER, {TOKENIZER: tokenizer}
    elif texts is not None:
        text["tokenizer"], files = CHARACTERS, {CHARACTERS: as_file(texts)}
        start, stop = start_and_stop(texts)
    text |= {"stop": list(stop)} | ({} if start is None else {"start": start})
    notes = [] if files else ["No tokenizer lies beside the weights: put tokenizer.json there to write texts."]
    if found.stored != found.vocabulary:
        notes.append(f"{found.stored - found.vocabulary} tokens that only pad the table were left out.")
    return files, tuple(notes)
