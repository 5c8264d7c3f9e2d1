"""A foreign ONNX graph that draws pictures: what it does not say becomes questions, and answers become a plan.

No standard tells of a GAN or VAE in one graph which input is the latent point, what black and white are, and so on.
Guesses come from shapes, from the operators around inputs and outputs, and from a few trial runs (`Seen`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import PackageError
from engine.packages.names import shown
from engine.packages.onnxfile import GraphFile, Port
from engine.packages.questions import Answers, Option, Question, QuestionKind

CHANNELS = (1, 3, 4)
MAX_DIM = 65536
RANGES = {"-1..1": (-1.0, 1.0), "0..1": (0.0, 1.0), "0..255": (0.0, 255.0)}
NOTHING = "none"
FIXED = "fixed:"
_REAL = ("float32", "float16", "float64")
_WHOLE = ("int64", "int32")
_LATENT_WORDS = ("latent", "z", "noise", "code", "embedding", "input")
_CLASS_WORDS = ("class", "label", "cond", "y", "category")
_KNOWN_CONSTANTS = {"truncation": 0.7, "truncation_psi": 0.7, "psi": 0.7, "noise_strength": 0.0}
_PASSING = ("Identity", "Cast", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten")
_ENDS = {"Tanh": "-1..1", "Sigmoid": "0..1", "HardSigmoid": "0..1", "Erf": "-1..1"}


@dataclass(frozen=True)
class Output:
    """What trial runs gave for one output."""

    shape: tuple[int, ...]
    dtype: str
    low: float | None                        # None: not finite, or not numbers
    high: float | None
    alike: bool = False                      # every random input gave the same


Seen = Mapping[str, Output]


@dataclass(frozen=True)
class Constant:
    """An input that is set once and for all."""

    port: Port
    value: float

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes; free ones are 1."""
        return tuple(size if isinstance(size, int) else 1 for size in self.port.shape or ())


@dataclass(frozen=True)
class Plan:
    """How the graph will be used: complete, as far as the answers and trial runs go."""

    latent: Port
    dim: int
    picture: Port
    layout: str = "NCHW"
    range: str = "-1..1"
    variety: float = 1.0                     # the spread of random points
    condition: Port | None = None
    classes: int = 0
    constants: tuple[Constant, ...] = ()     # further inputs


def plan_of(graph: GraphFile, answers: Answers, seen: Seen | None = None) -> Plan:
    """Answers where given, guesses elsewhere.

    Raises PackageError when it cannot be a picture model, or an answer is none.
    """
    told = seen or {}
    latent = _latent(graph, answers)
    condition = _condition(graph, answers, latent)
    picture = _picture(graph, answers, told, tried=seen is not None)
    others = [port for port in graph.inputs if port.name not in (latent.name, condition.name if condition else "")]
    plan = Plan(latent, _dim(graph, latent, answers), picture, _layout(picture, answers, told),
                _choice(answers, "range", tuple(RANGES)) or _range(graph, picture, told)[0],
                _real(answers.get("variety", "1"), "variety", 1e-3, 1.5), condition,
                _classes(graph, condition, answers),
                tuple(_constant(port, answers) for port in others))
    for constant in plan.constants:
        if constant.port.dtype not in (*_REAL, *_WHOLE, "bool") or math.prod(constant.shape) > MAX_DIM:
            raise _unfit(graph, f"its input “{shown(constant.port.name)}” cannot be set once and for all")
    for port in (latent, *([condition] if condition else [])):
        if port.shape and isinstance(port.shape[0], int) and port.shape[0] != 1:
            raise _unfit(graph, f"“{shown(port.name)}” takes exactly {port.shape[0]} at once; export it with a free "
                                "batch or with 1")
    return plan


def questions_of(graph: GraphFile, plan: Plan, seen: Seen) -> tuple[Question, ...]:
    """One screen: what the file leaves open, with our guesses and why."""
    asked = []
    reals = [port for port in graph.inputs if port.dtype in _REAL]
    if len(reals) > 1:
        asked.append(_ask("latent", "Which input is the latent point?", plan.latent.name, reals,
                          _shape_words(plan.latent)))
    if _known_dim(plan.latent) is None:
        asked.append(Question("dim", "How many numbers has a latent point?", QuestionKind.NUMBER, str(plan.dim),
                              "The file leaves it open; the first weights suggest it."))
    pictures = [port for port in graph.outputs if _picture_shape(port, seen) is not None]
    if len(pictures) > 1:
        asked.append(_ask("picture", "Which output is the picture?", plan.picture.name, pictures,
                          _shape_words(plan.picture)))
    asked += _class_questions(graph, plan)
    shape = _picture_shape(plan.picture, seen)
    if shape is not None and len(shape) == 4 and shape[1] in CHANNELS and shape[3] in CHANNELS:  # noqa: PLR2004
        options = (Option("NCHW", "channels first"), Option("NHWC", "channels last"))
        asked.append(Question("layout", "In which order are the picture's numbers?", QuestionKind.CHOICE, plan.layout,
                              "Both fit its shape.", options))
    labels = {"-1..1": "-1 is black, 1 is white", "0..1": "0 is black, 1 is white",
              "0..255": "0 is black, 255 is white"}
    asked.append(Question("range", "Which numbers are black and white?", QuestionKind.CHOICE, plan.range,
                          _range(graph, plan.picture, seen)[1],
                          tuple(Option(value, label) for value, label in labels.items())))
    asked.append(Question("variety", "How large were the random numbers it was trained with (standard deviation)?",
                          QuestionKind.TEXT, f"{plan.variety:g}", "1 is usual; smaller is calmer."))
    asked += [Question(FIXED + one.port.name, f"Which value does the input “{shown(one.port.name)}” always have?",
                       QuestionKind.TEXT,
                       f"{one.value:g}", "It is neither the latent point nor a class, so it is set once and for all.")
              for one in plan.constants]
    return tuple(asked)


def picture_size(plan: Plan, seen: Seen) -> tuple[int, int, int]:
    """Channels, height and width. Raises PackageError where no picture of a usual form comes out."""
    shape = _picture_shape(plan.picture, seen)
    if shape is None or min(shape[1:]) < 1:
        raise PackageError(f"The output “{shown(plan.picture.name)}” is no picture: "
                           f"{_shape_words(plan.picture)}", "Choose another output.", plan.picture.name)
    if len(shape) == 2:  # noqa: PLR2004 - a flat picture
        return flat_size(shape[1]) or (1, 1, 1)
    return (shape[1], shape[2], shape[3]) if plan.layout == "NCHW" else (shape[3], shape[1], shape[2])


def flat_size(count: int) -> tuple[int, int, int] | None:
    """Channels, height, width of a square picture of `count` numbers; None where there is none of at least 8 pixels."""
    for channels in CHANNELS:
        side = math.isqrt(count // channels)
        if side >= 8 and channels * side * side == count:  # noqa: PLR2004
            return channels, side, side
    return None


def _latent(graph: GraphFile, answers: Answers) -> Port:
    """The answer, or the likeliest real input: by name, then by size."""
    reals = [port for port in graph.inputs if port.dtype in _REAL and port.shape and len(port.shape) > 1]
    if not reals:
        raise _unfit(graph, "it has no input of real numbers that could be a latent point")
    named = answers.get("latent")
    if named is not None:
        found = next((port for port in reals if port.name == named), None)
        if found is None:
            raise _no_answer("latent", named, [port.name for port in reals])
        return found
    return max(reals, key=lambda port: (_likeness(port.name, _LATENT_WORDS), _known_dim(port) or 0))


def _likeness(name: str, words: tuple[str, ...]) -> int:
    """How much a name sounds like one of the words; earlier words count more."""
    low = name.lower()
    return max((len(words) - place + (10 if low == word else 0) for place, word in enumerate(words)
                if low == word or (len(word) > 1 and word in low)), default=0)


def _known_dim(port: Port) -> int | None:
    """The product of all sizes but the first; None where one of them is free."""
    sizes = (port.shape or ())[1:]
    return math.prod(size for size in sizes if isinstance(size, int)) if all(
        isinstance(size, int) for size in sizes) else None


def _dim(graph: GraphFile, latent: Port, answers: Answers) -> int:
    """How many numbers a latent point has."""
    known = _known_dim(latent)
    dim = known if known is not None else _whole(answers.get("dim", str(_first_weights(graph, latent) or 128)), "dim")
    if not 1 <= dim <= MAX_DIM:
        raise _unfit(graph, f"its latent point has {dim:,} numbers; up to {MAX_DIM:,} can be steered")
    return dim


def _first_weights(graph: GraphFile, latent: Port) -> int | None:
    """The size that the first layer expects: a Gemm's or MatMul's matrix, a convolution's kernel."""
    for operator, reads in graph.makers.values():
        if latent.name not in reads:
            continue
        matrix = next((graph.weights[name].shape for name in reads if name in graph.weights), ())
        if operator == "MatMul" and len(matrix) == 2:  # noqa: PLR2004 - a matrix
            return matrix[0]
        if operator in ("Gemm", "ConvTranspose", "Conv") and len(matrix) > 1:
            return matrix[0] if operator == "ConvTranspose" else matrix[1]
    return None


def _condition(graph: GraphFile, answers: Answers, latent: Port) -> Port | None:
    """The input that chooses a class: the answer, a whole number, or real numbers of that name."""
    others = [port for port in graph.inputs if port.name != latent.name]
    named = answers.get("condition")
    if named == NOTHING:
        return None
    if named is not None:
        found = next((port for port in others if port.name == named), None)
        if found is None:
            raise _no_answer("condition", named, [NOTHING, *(port.name for port in others)])
        return found
    likely = [port for port in others if _can_choose(port) and (
        port.dtype in _WHOLE or _likeness(port.name, _CLASS_WORDS))]
    return max(likely, key=lambda port: _likeness(port.name, _CLASS_WORDS), default=None)


def _can_choose(port: Port) -> bool:
    """A class as a number [batch], or as one real number a class [batch, classes]."""
    rank = len(port.shape or ())
    if port.dtype in _WHOLE:
        return rank == 1
    return port.dtype in _REAL and rank == 2 and (_known_dim(port) or 0) > 1  # noqa: PLR2004 - [batch, classes]


def _classes(graph: GraphFile, condition: Port | None, answers: Answers) -> int:
    """How many there are."""
    if condition is None:
        return 0
    known = _known_dim(condition) if condition.dtype in _REAL else _table_rows(graph, condition)
    return _whole(answers.get("classes", str(known or 10)), "classes")


def _table_rows(graph: GraphFile, condition: Port) -> int | None:
    """The rows of the table that a class number looks up."""
    for operator, reads in graph.makers.values():
        if operator == "Gather" and len(reads) > 1 and reads[1] == condition.name and reads[0] in graph.weights:
            return graph.weights[reads[0]].shape[0]
    return None


def _picture(graph: GraphFile, answers: Answers, seen: Seen, *, tried: bool) -> Port:
    """The answer, or the output that looks most like a picture; before any trial run, one that may turn out one."""
    named = answers.get("picture")
    if named is not None:
        found = next((port for port in graph.outputs if port.name == named), None)
        if found is None:
            raise _no_answer("picture", named, [port.name for port in graph.outputs])
        return found
    pictures = [port for port in graph.outputs if _picture_shape(port, seen) is not None]
    if not pictures and not tried:
        pictures = [port for port in graph.outputs if port.dtype in (*_REAL, "uint8") and (
            port.shape is None or not all(isinstance(size, int) for size in port.shape[1:]))]
    if not pictures:
        raise _unfit(graph, "none of its outputs is a picture")
    return max(pictures, key=lambda port: math.prod(max(size, 1) for size in _picture_shape(port, seen) or ()))


def _picture_shape(port: Port, seen: Seen) -> tuple[int, ...] | None:
    """The shape of one picture [1, ...] if it is one: as the trial runs gave it, or as the file states it."""
    shape = seen[port.name].shape if port.name in seen else tuple(
        size if isinstance(size, int) else -1 for size in port.shape or ())
    if port.dtype not in (*_REAL, "uint8"):
        return None
    if len(shape) == 4 and (shape[1] in CHANNELS or shape[3] in CHANNELS):  # noqa: PLR2004 - batch and picture
        return shape
    return shape if len(shape) == 2 and flat_size(shape[1]) else None  # noqa: PLR2004 - batch and a flat picture


def _layout(picture: Port, answers: Answers, seen: Seen) -> str:
    chosen = _choice(answers, "layout", ("NCHW", "NHWC"))
    shape = _picture_shape(picture, seen)
    return chosen or ("NCHW" if shape is None or len(shape) == 2 or shape[1] in CHANNELS else "NHWC")  # noqa: PLR2004


def _range(graph: GraphFile, picture: Port, seen: Seen) -> tuple[str, str]:
    """The guess and its reason: what the last operator can yield, else what the trial runs gave."""
    name, told = picture.name, seen.get(picture.name)
    for _ in range(8):
        operator, reads = graph.makers.get(name, ("", ()))
        if operator in _ENDS:
            return _ENDS[operator], f"Its last layer is {operator}."
        if operator not in _PASSING or not reads:
            break
        name = reads[0]
    if told is None or told.low is None or told.high is None:
        return ("0..255" if picture.dtype == "uint8" else "-1..1"), "This is usual; no trial run could tell."
    words = f"In trial runs its numbers went from {told.low:.3g} to {told.high:.3g}."
    if told.high > 3.0:  # noqa: PLR2004 - far beyond 1
        return "0..255", words
    return ("0..1" if told.low >= -0.05 else "-1..1"), words  # noqa: PLR2004 - a little below black


def _class_questions(graph: GraphFile, plan: Plan) -> list[Question]:
    """Which input chooses a class, and how many there are."""
    others = [port for port in graph.inputs if port.name != plan.latent.name and _can_choose(port)]
    if not others:
        return []
    options = (Option(NOTHING, "none of them"), *(Option(port.name, shown(port.name)) for port in others))
    guess = plan.condition.name if plan.condition else NOTHING
    asked = [Question("condition", "Which input chooses a class?", QuestionKind.CHOICE, guess,
                      _shape_words(plan.condition) if plan.condition else "", options)]
    if plan.condition is not None and plan.condition.dtype in _WHOLE:
        asked.append(Question("classes", "How many classes are there?", QuestionKind.NUMBER, str(plan.classes),
                              "The table that it looks up has so many rows." if _table_rows(graph, plan.condition)
                              else "The file does not say."))
    return asked


def _ask(name: str, words: str, guess: str, ports: list[Port], why: str) -> Question:
    return Question(name, words, QuestionKind.CHOICE, guess, why,
                    tuple(Option(port.name, f"{shown(port.name)} {_sizes(port)}") for port in ports))


def _shape_words(port: Port) -> str:
    return f"“{shown(port.name)}” is {_sizes(port)}."


def _sizes(port: Port) -> str:
    sizes = [str(size) if isinstance(size, int) else (shown(size) or "?") for size in port.shape or ()]
    return f"{port.dtype} [{', '.join(sizes)}]"


def _constant(port: Port, answers: Answers) -> Constant:
    """The answer, or what the name suggests."""
    guess = str(_KNOWN_CONSTANTS.get(port.name.lower(), 1.0))
    return Constant(port, _real(answers.get(FIXED + port.name, guess), FIXED + port.name, -1e9, 1e9))


def _choice(answers: Answers, name: str, allowed: tuple[str, ...]) -> str | None:
    value = answers.get(name)
    if value is not None and value not in allowed:
        raise _no_answer(name, value, list(allowed))
    return value


def _whole(value: str, name: str) -> int:
    if not (value.isascii() and value.isdecimal()) or not 1 <= int(value) <= 1_000_000:  # noqa: PLR2004
        raise PackageError(f"“{shown(value)}” is no answer to “{name}”.", "Give a whole number from 1.", name)
    return int(value)


def _real(value: str, name: str, low: float, high: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise PackageError(f"“{shown(value)}” is no answer to “{shown(name)}”.",
                           f"Give a number from {low:g} to {high:g}.", name)
    return number


def _no_answer(name: str, value: str, allowed: list[str]) -> PackageError:
    return PackageError(f"“{shown(value)}” is no answer to “{name}”.",
                        f"Allowed are {', '.join(shown(word) for word in allowed)}.", name)


def _unfit(graph: GraphFile, reason: str) -> PackageError:
    return PackageError(f"“{graph.path.name}” cannot be made a picture model: {reason}.",
                        "Bring a graph with a latent point in and a picture out, or the checkpoint it came from.",
                        str(graph.path))
