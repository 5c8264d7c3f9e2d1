"""The words of bringing in a model: kinds of files, steps of a conversion, precisions and licences."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.api import Problem
from engine.converting.messages import Converted, Inspection, Precision

CONTEXT = "Import"
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "Apache-2.0", "MIT", "CreativeML-OpenRAIL-M",
            "NVIDIA Source Code License (non-commercial)")
"""What models are usually published under; anything else can be typed."""
STEPS = ("open", "recognise", "build", "directions", "reference", "trace", "precision", "proof", "judge", "pack",
         "shelf")
STEPS_OF_ONNX = ("open", "trial", "pack", "shelf")
EXACT = 1e-4
LONG = 48
"""Letters of a file name in a headline."""
LEAST = 1e-7
"""Percents below this are none."""


@dataclass(frozen=True)
class Terms:
    """A licence as one chooses it: what is stored and what is shown."""

    value: str
    words: str


def licences() -> tuple[Terms, ...]:
    """The common ones, then what is true of many checkpoints."""
    translate = QCoreApplication.translate
    own = Terms("All rights reserved", translate("Import", "My own work: all rights reserved"))
    unknown = Terms("unknown", translate("Import", "I do not know"))
    return (*(Terms(name, name) for name in LICENCES), own, unknown)


def kind_words(kind: str) -> str:
    """What sort of file it is."""
    translate = QCoreApplication.translate
    told = {
        "safetensors": translate("Import", "safetensors file"), "torch-zip": translate("Import", "PyTorch file"),
        "torch-legacy": translate("Import", "PyTorch file, old format"),
        "stylegan-pickle": translate("Import", "StyleGAN pickle"),
        "diffusers": translate("Import", "diffusers folder"),
        "transformers": translate("Import", "Transformers folder"), "onnx": translate("Import", "ONNX file"),
        "onnx-folder": translate("Import", "ONNX folder"), "package": translate("Import", "model package"),
    }
    return told.get(kind, kind)


def step_words(step: str) -> str:
    """What a step does, for the list of steps."""
    translate = QCoreApplication.translate
    told = {
        "open": translate("Import", "Read the file"), "recognise": translate("Import", "Recognise the network"),
        "build": translate("Import", "Build the network"), "directions": translate("Import", "Look for directions"),
        "reference": translate("Import", "Ask PyTorch for its answers"),
        "trace": translate("Import", "Translate the network"),
        "precision": translate("Import", "Make smaller weights"),
        "proof": translate("Import", "Compare both, picture by picture"),
        "judge": translate("Import", "Judge the differences"), "pack": translate("Import", "Pack it with its sheet"),
        "trial": translate("Import", "Try it out"), "shelf": translate("Import", "Put it on the shelf"),
    }
    return told.get(step, step)


def precision_words(precision: Precision) -> tuple[str, str]:
    """Name and remark of a precision."""
    translate = QCoreApplication.translate
    return {
        "fp32": (translate("Import", "Full (fp32)"), translate("Import", "as trained; the quickest on a processor")),
        "fp16": (translate("Import", "Half (fp16)"), translate("Import", "half the size; for graphics cards")),
        "int8": (translate("Import", "Eight bits (int8)"),
                 translate("Import", "a quarter of the size; pictures differ a little")),
        "int4": (translate("Import", "Four bits (int4)"),
                 translate("Import", "the quickest and smallest for texts; they differ")),
    }[precision]


def advised(offered: tuple[Precision, ...], provider: str) -> Precision:
    """The precision to recommend before anything is measured: full on a processor, half on a graphics card."""
    graphics = provider not in {"", "CPUExecutionProvider"}
    return "fp16" if graphics and "fp16" in offered else offered[0] if offered else "fp32"


def verdict_words(made: Converted) -> tuple[str, str]:
    """The verdict in a sentence, and what it rests on."""
    translate = QCoreApplication.translate
    figures = made.figures.get("fp32") or next(iter(made.figures.values()), None)
    if figures is None:
        return translate("Import", "It runs."), translate(
            "Import", "The file came without its origin, so there was nothing to compare it with.")
    if figures.error <= EXACT:
        told = translate("Import", "The pictures are the same.") if made.pairs else translate(
            "Import", "The answers are the same.")
    else:
        told = translate("Import", "The pictures agree within what is allowed.") if made.pairs else translate(
            "Import", "The answers agree within what is allowed.")
    grounds = translate("Import", "PyTorch and the package were given the same inputs: the largest difference of any "
                        "number is {0} of its range; {1} is allowed.")
    return told, grounds.format(share(figures.error), share(figures.tolerance))


def share(part: float) -> str:
    """A small share in percent: "0.0003 %"."""
    percent = part * 100
    digits = max(0, 1 - math.floor(math.log10(percent))) if percent >= LEAST else 0
    text = f"{percent:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def told_plainly(text: str) -> str:
    """A sentence of the converter: in the language of the screen where we know it, with `names` in quotation marks."""
    return re.sub(r"`([^`]*)`", r"“\1”", QCoreApplication.translate(CONTEXT, text) if text else "")


def shortened(name: str) -> str:
    """A file's name that fits a headline: the middle goes."""
    return name if len(name) <= LONG else f"{name[:LONG // 2]}…{name[-LONG // 2:]}"


def particular(words: str) -> str:
    """What a step is at: "Tracing: synthesis" -> "synthesis"; the step's own name stands beside it."""
    return words.partition(": ")[2]


def code_words() -> str:
    """What is said of program text in a file."""
    return QCoreApplication.translate(
        "Import", "This file carries program code. It was not run, and it will not be: only the numbers are read.")


def command_in(problem: Problem) -> str:
    """The command that a remedy quotes, to be copied; empty when it quotes none."""
    parts = problem.remedy.split("`")
    return parts[1] if len(parts) > 2 else ""  # noqa: PLR2004 - text, command, text


def steps_of(inspection: Inspection | None) -> tuple[str, ...]:
    """The steps to expect."""
    return STEPS if inspection is None or inspection.needs_torch else STEPS_OF_ONNX
