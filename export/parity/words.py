"""Every sentence of the verdict and of its report, in one place; a translation is another table with the same keys."""

from __future__ import annotations

import math

ENGLISH = {
    # Why a precision is out of tolerance.
    "nothing_compared": "Nothing could be compared.",
    "error_too_large": "“{output}” is off by {error} of its range; {allowed} is allowed.",
    "mean_too_large": "“{output}” is off by {error} of its range on average; {allowed} is allowed.",
    "picture_too_different": "“{output}” differs visibly: {steps} on average; {allowed} is allowed.",
    "no_device": "It ran on no device.",
    # The head of the report.
    "title": "Conversion of {name}",
    "kicker": "Latent Atelier · conversion report · {name}",
    "seal_pass": "Passed",
    "seal_fail": "Not passed",
    "same_pictures": "The converted model draws the same pictures.",
    "same_numbers": "The converted model gives the same answers.",
    "other_pictures": "The converted model does not draw the same pictures.",
    "other_numbers": "The converted model does not give the same answers.",
    "lead_pictures": "PyTorch and ONNX Runtime drew {samples} random pictures. The largest difference of any pixel is "
                     "{steps}; from black to white there are 255.",
    "under_thousandth": "less than a thousandth of the smallest step that a screen can show",
    "under_hundredth": "less than a hundredth of the smallest step that a screen can show",
    "under_tenth": "less than a tenth of the smallest step that a screen can show",
    "under_one": "less than the smallest step that a screen can show",
    "some_steps": "{steps} of the steps that a screen can show",
    "lead_numbers": "On {samples} random inputs ONNX Runtime departs from PyTorch by at most {error} of the range of "
                    "any output; {allowed} is allowed.",
    "lead_fail": "Nothing was put on the shelf. What is wrong, and where it begins, stands below.",
    # Why it failed.
    "failed": "What went wrong",
    "place_value": "It begins in the layer {layer}, at the step {node} ({operator}): up to there both agree.",
    "place_value_outer": "It begins at the step {node} ({operator}), outside all layers: up to there both agree.",
    "place_run": "The graph stops at the step {node} ({operator}) of the layer {layer}.",
    "place_run_outer": "The graph stops at the step {node} ({operator}).",
    "place_rewriting": "Our rewriting of the network already differs from the authors’ own in PyTorch, by {error} of "
                       "the range. The export is not to blame.",
    "place_unknown": "Step by step both agree; only the whole graph does not. It may be ONNX Runtime’s own "
                     "optimisation.",
    "place_reduced": "{precision}, {part}: half of the error is there after the step {node}.",
    # Precisions.
    "precisions": "Precisions",
    "precisions_about": "Smaller forms of the same model, each proven by itself. Nothing is chosen for you.",
    "recommended": "smallest that passes",
    "column_precision": "Precision",
    "column_verdict": "Verdict",
    "column_size": "Size",
    "column_error": "Largest error",
    "column_picture": "Mean picture difference",
    "column_time": "One call",
    "pass": "passes",
    "fail": "fails",
    "torch_row": "PyTorch",
    "torch_verdict": "the original",
    "allowed": "{allowed} allowed",
    "by_eye": "judged by the picture",
    "times_speed": "{speed} × PyTorch’s speed",
    "one_thread": "one thread, processor time",
    # Errors.
    "errors": "How far off each output is",
    "errors_about": "The largest error over the range of the output, on a scale where each line is ten times the last. "
                    "The upright mark is what is allowed; an output without one is judged by its picture.",
    # Pictures.
    "pictures": "Side by side",
    "pictures_about": "Random inputs, the same for both. Differences are amplified 64 times: black is none, white is "
                      "four steps of 255 or more.",
    "by_torch": "PyTorch",
    "by_onnx": "ONNX Runtime, {precision}",
    "difference": "Difference × 64",
    "picture_words": "Picture {number}, {side}",
    "preview": "First pictures of the package",
    # The source.
    "source": "What was converted",
    "file": "File",
    "recognised": "Recognised as",
    "because": "Because",
    "assumed": "Assumed",
    "digest": "Digest",
    "notes": "Remarks",
    # How it was measured.
    "measured": "How it was measured",
    "measured_about": "PyTorch answered {samples} random inputs in one process; ONNX Runtime ran the graphs on the "
                      "same inputs in another, at every size below.",
    "sizes": "Sizes",
    "devices": "Devices",
    "machine": "Machine",
    "versions": "Versions",
    "time": "Time",
    "memory": "Peak memory",
    "numbers": "All numbers",
    "output": "Output",
    "max_abs": "Maximum error",
    "mean_abs": "Mean error",
    "range": "Range",
    "samples": "Samples",
    "footer": "The same figures for machines are in the JSON report beside this page.",
}

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = 1e-3


def say(key: str, **values: str) -> str:
    """The sentence of that key with its values filled in."""
    return ENGLISH[key].format(**values)


def small(value: float) -> str:
    """A share of a range in two digits, plain where it can be: 0.012, 3.1e-06."""
    return f"{value:.2g}"


def steps(value: float) -> str:
    """A visible difference in the steps of an eight-bit picture."""
    return f"{value:.2g}/255"


def number(value: float | None) -> str:
    """A number for people, two digits: 0.012, 3.1 × 10⁻⁶, 250."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0 or _PLAIN <= abs(value) < 10000:  # noqa: PLR2004 - the docstring says it
        return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"  # noqa: PLR2004 - two digits are not enough
    mantissa, exponent = f"{value:.1e}".split("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    return power if mantissa == "1.0" else f"{mantissa} × {power}"


def visible(value: float) -> str:
    """The largest difference of a pixel, in steps of 1/255, as words."""
    for limit, key in ((1e-3, "under_thousandth"), (1e-2, "under_hundredth"), (0.1, "under_tenth"), (1.0, "under_one")):
        if value < limit:
            return say(key)
    return say("some_steps", steps=f"{value:.1f}")


def megabytes(count: float) -> str:
    """A size on disk or in memory."""
    if count < 1e6:  # noqa: PLR2004 - a megabyte
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e8 else f"{count / 1e6:,.0f} MB"  # noqa: PLR2004 - no tenths of hundreds


def milliseconds(value: float | None) -> str:
    """A time in milliseconds or seconds."""
    if value is None:
        return "–"
    if value >= 1000:  # noqa: PLR2004 - a second
        return f"{value / 1000:.2f} s"
    return f"{value:.3g} ms"
