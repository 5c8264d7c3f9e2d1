"""The parts of manifest.json: plain structs, each one thing that a package says of itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
ControlId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[int, Meta(ge=0, le=1 << 34)]
Words = Annotated[str, Meta(max_length=4000)]
Label = Annotated[str, Meta(min_length=1, max_length=80)]
Side = Annotated[int, Meta(ge=1, le=16384)]
Positive = Annotated[float, Meta(ge=1e-3, le=1e5)]
Measure = Annotated[float, Meta(ge=-1e5, le=1e5)]
Labels = dict[str, Label]
DType = Literal["float32", "float16", "int64", "int32", "uint8", "bool"]


class Port(Struct, frozen=True):
    """One input or output of a graph: its name in the graph, its number type, its shape (names for free dimensions)."""

    name: Label
    dtype: DType
    shape: Annotated[tuple[int | str, ...], Meta(max_length=8)]


class ListedFile(Struct, frozen=True):
    """A file that is no graph: its digest and size."""

    sha256: Sha256
    bytes: Bytes


class Graph(Struct, frozen=True):
    """One ONNX file, with inputs and outputs by the role they play."""

    file: str
    sha256: Sha256
    bytes: Bytes
    inputs: dict[str, Port]
    outputs: dict[str, Port]
    external: Annotated[dict[str, ListedFile], Meta(max_length=8)] = {}  # weight files beside the graph, by plain name


class Cloud(Struct, frozen=True):
    """The training cloud in the space of the directions: cloud.npy is [1 + k, dim], the mean and k axes times sigma.

    The distance of a point is the root mean square of its k coordinates in sigma; `typical` is what half of the
    model's own samples stay under, `far` what 99 of 100 do.
    """

    typical: Positive
    far: Positive


class Latent(Struct, frozen=True):
    """The latent space: z ~ N(0, I) of `dim` numbers; `mean` is where truncation pulls to (None: zero)."""

    dim: Annotated[int, Meta(ge=1, le=65536)]
    prior: Literal["normal"] = "normal"
    spaces: tuple[str, ...] = ("z",)
    mean: tuple[Measure, ...] | None = None
    truncation: Annotated[float, Meta(ge=0, le=1.5)] = 1.0
    cloud: Cloud | None = None


class Encoder(Struct, frozen=True):
    """How a picture becomes a latent point: graphs.encoder takes this picture, its first output is the point's mean."""

    width: Side
    height: Side
    channels: Literal[1, 3, 4]
    range: tuple[Measure, Measure] = (-1.0, 1.0)


class Noise(Struct, frozen=True):
    """A noise input of a synthesis graph: [batch, 1, height, width]; its constant is `role` in noise.npz.

    noise.npz holds one float32 array [height, width] for each role, in no compression or deflate.
    """

    role: Label
    width: Side
    height: Side


class StyleGAN2(Struct, frozen=True):
    """Karras et al. 2020, as two graphs, by role.

    graphs.mapping: z float32 [batch, dim], condition int64 [batch] where there are classes -> w [batch, w_dim].
    graphs.synthesis: ws [batch, rows, w_dim], and one input for each `noise`, by its role -> image.
    graphs.preview, where there is one: the same with the first `preview_rows` rows and the first few noises, and a
    smaller picture of the same subject.
    `latent.dim` is the length of z, `latent.mean` is w_avg [w_dim]. `rows` is the number of w rows (num_ws).
    """

    w_dim: Annotated[int, Meta(ge=1, le=65536)]
    rows: Annotated[int, Meta(ge=1, le=64)]
    noise: Annotated[tuple[Noise, ...], Meta(max_length=64)] = ()
    classes: Annotated[int, Meta(ge=0, le=100000)] = 0
    preview_rows: Annotated[int, Meta(ge=0, le=64)] = 0
    preview_side: Annotated[int, Meta(ge=0, le=16384)] = 0


class Mode(Struct, frozen=True):
    """A way of writing: what stands around the prompt, what ends a card, how many tokens it may have.

    The model goes on after `before` + prompt + `after`. Where `after` is empty a card begins with the prompt itself,
    otherwise it is only what the model wrote. Both may name special tokens of the tokenizer.
    """

    id: ControlId
    label: Label
    labels: Labels = {}
    before: Annotated[str, Meta(max_length=2000)] = ""
    after: Annotated[str, Meta(max_length=2000)] = ""
    stop: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=16)] = ()
    length: Annotated[int, Meta(ge=1, le=4096)] = 64
    ranked: bool = False                     # cards in the order of their likelihood instead of their seeds'
    examples: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()       # prompts that show what it can do


class TextModel(Struct, frozen=True):
    """A language model: graphs.step takes `tokens` [batch, time] and the state or cache, yields logits and the next.

    `state` pairs the input role with the output role that feeds it the next time; its first value is all zeros (a
    cache starts with no time steps at all); without any, the step reads everything anew each time. Graphs of other
    exporters also take `mask` [batch, past + time] of ones, `positions` [batch, time], and `cached` [1]: whether
    anything was read before.
    """

    kind: Literal["recurrent", "transformer"]
    vocabulary: Annotated[int, Meta(ge=2, le=1000000)]
    context: Annotated[int, Meta(ge=1, le=1 << 20)] | None = None
    tokenizer: str | None = None             # "tokenizer.json" (Hugging Face) or "characters.json" (a list of texts)
    state: dict[str, str] = {}
    start: int | None = None                 # the token that begins every text
    stop: tuple[int, ...] = ()
    single: bool = False                     # the step takes one token at a time, also of a prompt
    modes: Annotated[tuple[Mode, ...], Meta(max_length=16)] = ()           # none: those that suit every model


class Diffusion(Struct, frozen=True):
    """A denoiser and its company: graphs unet, and where they exist text_encoder(_2), vae_encoder, vae_decoder.

    `scheduler` is scheduler_config.json as diffusers writes it.
    """

    kind: Literal["ddpm", "sd1", "sd2", "sdxl"]
    prediction: Literal["epsilon", "v_prediction", "sample"] = "epsilon"
    channels: Annotated[int, Meta(ge=1, le=64)] = 4          # of the space that is denoised
    in_channels: Annotated[int, Meta(ge=1, le=64)] = 4       # 9 for inpainting
    side: Side = 512                                         # the size it was trained at, in pixels
    factor: Annotated[int, Meta(ge=1, le=64)] = 8            # pixels a latent cell
    scale: Measure = 0.18215                                 # latents are multiplied by it before denoising
    scheduler: dict[str, Any] = {}
    tokenizers: tuple[str, ...] = ()
    classes: Annotated[int, Meta(ge=0, le=100000)] = 0       # of a denoiser with a condition
    force_zeros_for_empty_prompt: bool = True                # SDXL: no negative prompt is zeros, not an empty sentence


class Prompt(Struct, frozen=True):
    """How a package of our own reads a prompt: with the shared encoder of that name and exactly that digest."""

    encoder: Id                              # a folder of resources/encoders
    digest: Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
    dim: Annotated[int, Meta(ge=1, le=4096)]
    examples: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()       # prompts that show what it can do


class Embedding(Struct, frozen=True):
    """A sentence encoder: graphs.encoder takes tokens and mask [batch, time], yields unit vectors [batch, dim]."""

    dim: Annotated[int, Meta(ge=1, le=4096)]
    context: Annotated[int, Meta(ge=1, le=1 << 20)]
    tokenizer: str = "tokenizer.json"


class Setting(Struct, frozen=True):
    """A number that conditions a model; `low` and `high` are the ends of what it was trained on."""

    id: ControlId
    label: Label
    low: Measure
    high: Measure
    default: Measure
    labels: Labels = {}
    help: Words = ""


class Flow(Struct, frozen=True):
    """A small flow-matching model of our own (Lipman et al. 2023): noise at time 0, the sample at time 1.

    graphs.velocity: sample [batch, channels, height, width], time [batch], and those of these inputs that it has:
    prompt [batch, dim], mix [batch, classes], settings [batch, settings], condition int64 [batch] -> velocity.
    graphs.decoder, where there is one: latent (the sample times `scale` plus `shift`) -> image.
    graphs.reader, where there is one: prompt [batch, dim] -> mix, settings (0..1 between low and high), palette.
    """

    channels: Annotated[int, Meta(ge=1, le=256)]
    width: Side                              # of the sample; a `tileable` image may have any multiple of `multiple`
    height: Side
    multiple: Annotated[int, Meta(ge=1, le=256)] = 1
    steps: Annotated[int, Meta(ge=1, le=1000)] = 12
    guidance: Annotated[float, Meta(ge=0, le=30)] = 1.0
    scale: tuple[Measure, ...] = (1.0,)      # one for all channels, or one for each
    shift: tuple[Measure, ...] = (0.0,)
    settings: Annotated[tuple[Setting, ...], Meta(max_length=64)] = ()
    early: Annotated[float, Meta(ge=0.1, le=20)] = 1.0   # above 1, steps are closer together near the noise
    layers: bool = False                     # two materials are made one by one, and each keeps its own colours
    figures: Annotated[tuple[ControlId, ...], Meta(max_length=256)] = ()
    """Classes of which only the raised part lies on another material, as a print: dots, stripes."""
    hollows: Annotated[tuple[ControlId, ...], Meta(max_length=256)] = ()
    """Classes of which only the low part shows on another material: rust without its paint, cracks."""


class PaletteModel(Struct, frozen=True):
    """Palettes from prompts: named colours, what each name means, and two graphs that choose among them.

    graphs.reader: prompt [batch, prompt.dim] -> query [batch, dim] in the space of `vectors`, and a mixture of colours
    in OKLab: weights (logits) [batch, k], means and spreads [batch, k, 3]. graphs.judge: colors [batch, count, 3] in
    OKLab -> score [batch], higher for palettes as people make them.
    """

    dim: Annotated[int, Meta(ge=1, le=4096)]
    names: str = "names.json"                # a list of [name, "#rrggbb"], no name twice
    vectors: str = "vectors.npy"             # int8 [names, dim]; only the direction counts


class Image(Struct, frozen=True):
    """The picture that leaves the graph: size, channels, what number is black and white, and what it means."""

    width: Side
    height: Side
    channels: Literal[1, 3, 4]
    range: tuple[Measure, Measure] = (-1.0, 1.0)
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    content: Literal["color", "distance_field", "material"] = "color"    # material: tone and height, coloured later
    tileable: bool = False


class Field(Struct, frozen=True):
    """Distance fields: how many field pixels the value 1.0 stands for; positive is inside (ink)."""

    spread: Positive


class Glyphs(Struct, frozen=True):
    """An alphabet: index in `characters` is the condition; measures in field pixels or cap heights.

    `origin` is the column of the pen. Where the decoder has an output `middle` [batch] it is the column on which the
    middle of the ink stands, and `middle` says how far right of the pen that is, in cap heights.
    """

    characters: Annotated[str, Meta(min_length=1, max_length=20000)]
    cap_height: Positive
    baseline: Measure
    origin: Measure
    space_advance: Positive
    ascent: Measure
    descent: Measure
    sample: Annotated[str, Meta(min_length=1, max_length=200)]
    advance_unit: Literal["cap_height"] = "cap_height"


class Direction(Struct, frozen=True):
    """A slider: a row of directions.npy, how far one sigma is, and words for both ends."""

    id: ControlId
    label: Label
    row: Annotated[int, Meta(ge=0)]
    sigma: Positive = 1.0
    range: tuple[Measure, Measure] = (-3.0, 3.0)
    labels: Labels = {}
    help: Words = ""
    low: Annotated[str, Meta(max_length=80)] = ""
    high: Annotated[str, Meta(max_length=80)] = ""
    evidence: Words = ""
    space: Literal["z", "w"] = "z"
    layers: tuple[int, int] | None = None    # first and last row of w+ it moves, both counted; None: all
    origin: Annotated[str, Meta(max_length=40)] = ""   # "sefa", "pca", "regression"


class Class(Struct, frozen=True):
    """One class of a conditional picture model; its place in the list is the condition value."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    label: Label
    labels: Labels = {}


class Declared(Struct, frozen=True):
    """What the package adds to its family's controls; `defaults` (control name -> value) makes the first picture."""

    directions: Annotated[tuple[Direction, ...], Meta(max_length=256)] = ()
    classes: Annotated[tuple[Class, ...], Meta(max_length=4096)] = ()
    defaults: dict[str, bool | int | float | str] = {}
