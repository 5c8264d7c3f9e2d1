"""From figures to a verdict: which precisions keep their tolerance, which of these is smallest, what a machine reads.

A conversion passes when fp32 does, on every device that ran. A smaller precision that fails is said to fail and is not
recommended; it does not fail the conversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from export.parity.page import page
from export.parity.tolerance import LOSSY, complaints, tolerance_of
from export.parity.words import say
from export.proof.figures import Figures, Outcome, PartFigures

FORMAT = 1
EXACT = "fp32"
Verdict = Literal["pass", "fail"]


@dataclass(frozen=True)
class Parity:
    """The verdict with everything it stands on; `report` is what `to_json` writes."""

    verdict: Verdict
    report: Mapping[str, Any]
    figures: Figures = field(repr=False)

    @property
    def recommended(self) -> str | None:
        """The smallest precision that keeps its tolerance and loses nothing worth a word; None after a failure."""
        name = self.report["recommended"]
        return str(name) if name is not None else None

    def to_json(self) -> str:
        """The report for machines; a number that JSON does not know (NaN) becomes null."""
        return msgspec.json.format(msgspec.json.encode(self.report), indent=1).decode() + "\n"


    def to_html(self, preview: bytes | None = None) -> str:
        """The report for people, one file that needs nothing else; `preview` is a PNG of the package's first pictures.

        The pictures of the proof are read from the files it left: call this before they are removed.
        """
        return page(self.report, {part.role: part.pictures for part in self.figures.parts}, preview)


def judge(figures: Figures, *, source: Mapping[str, Any], divergence: Mapping[str, Any] | None = None,
          times: Mapping[str, float] | None = None, versions: Mapping[str, str] | None = None,
          peaks: Mapping[str, float] | None = None, notes: tuple[str, ...] = ()) -> Parity:
    """The verdict on a conversion.

    `source` says what was converted (see `source_words`), `times` what took how many seconds, `peaks` the most memory
    of each process in MB, `divergence` where a failed precision goes wrong first.
    """
    names = dict.fromkeys([EXACT, *(name for part in figures.parts for name in part.outcomes)])
    precision = {name: _precision(name, figures) for name in names}
    verdict: Verdict = "pass" if precision[EXACT]["verdict"] == "pass" else "fail"
    passing = [name for name, entry in precision.items() if entry["verdict"] == "pass" and name not in LOSSY]
    recommended = min(passing, key=lambda name: precision[name]["bytes"]) if verdict == "pass" else None
    torch = next((part.torch for part in figures.parts), "")
    report = {
        "format": FORMAT,
        "verdict": verdict,
        "source": dict(source),
        "recommended": recommended,
        "precision": precision,
        "first_divergence": dict(divergence) if divergence is not None else None,
        "notes": list(notes),
        "providers": msgspec.to_builtins(figures.providers),
        "versions": {"torch": torch, **figures.versions, **(versions or {})},
        "machine": figures.machine,
        "times": dict(times or {}),
        "peak_memory_mb": {"torch": max((part.torch_peak_mb for part in figures.parts), default=0.0),
                           "onnxruntime": figures.peak_mb, **(peaks or {})},
    }
    return Parity(verdict, report, figures)


def _precision(name: str, figures: Figures) -> dict[str, Any]:
    """One precision of the whole package; a part that does not come in it stays as it is in fp32."""
    parts = {part.role: _part(name if name in part.outcomes else EXACT, part) for part in figures.parts}
    torch_ms = sum(part.torch_ms for part in figures.parts)
    known = [entry["ms"] for entry in parts.values()]
    milliseconds = None if None in known or not known else sum(known)
    differences = [entry["picture_difference"] for entry in parts.values() if entry["picture_difference"] is not None]
    limits = [tolerance_of(name, part) for part in figures.parts if name in part.outcomes]
    return {
        "verdict": "pass" if parts and all(entry["verdict"] == "pass" for entry in parts.values()) else "fail",
        "why": [f"{role}: {reason}" for role, entry in parts.items() for reason in entry["why"]],
        "bytes": sum(entry["bytes"] for entry in parts.values()),
        "tolerance": max((limit.relative for limit in limits), default=None),
        "mean_tolerance": max((limit.mean_relative for limit in limits if limit.mean_relative), default=None),
        "picture_tolerance": max((limit.picture_mean for limit in limits if limit.picture_mean), default=None),
        "provider": next((entry["provider"] for entry in parts.values() if entry["provider"]), None),
        "ms": milliseconds,
        "torch_ms": torch_ms,
        "speed_over_torch": torch_ms / milliseconds if milliseconds else None,
        "outputs": {f"{role}.{output}": numbers for role, entry in parts.items()
                    for output, numbers in entry["outputs"].items()},
        "picture_difference": max(differences, key=lambda entry: float(entry["mean"]), default=None),
        "parts": parts,
    }


def _part(name: str, part: PartFigures) -> dict[str, Any]:
    """One part in the form it has in that precision; figures of the first device, the verdict of all of them."""
    limit = tolerance_of(name, part)
    devices = {provider: (outcome, complaints(outcome, limit))
               for provider, outcome in part.outcomes.get(name, {}).items()}
    first, outcome = next(((provider, outcome) for provider, (outcome, _) in devices.items()), (None, Outcome({})))
    why = [reason for _, reasons in devices.values() for reason in reasons] if devices else [say("no_device")]
    return {
        "verdict": "fail" if why else "pass",
        "form": name,
        "why": list(dict.fromkeys(why)),
        "notes": list(outcome.notes),
        "bytes": part.bytes.get(name, 0),
        "provider": first,
        "ms": outcome.ms,
        "torch_ms": part.torch_ms,
        "speed_over_torch": part.torch_ms / outcome.ms if outcome.ms else None,
        "outputs": _outputs(outcome),
        "picture_difference": msgspec.to_builtins(outcome.picture) if outcome.picture is not None else None,
        "sizes": list(outcome.sizes),
        "rewriting": part.rewriting,
        "divergence": msgspec.to_builtins(part.divergences.get(name)),
        "providers": {provider: {"verdict": "fail" if reasons else "pass", "why": list(reasons), "ms": result.ms,
                                 "outputs": _outputs(result)}
                      for provider, (result, reasons) in devices.items()},
    }


def _outputs(outcome: Outcome) -> dict[str, Any]:
    """Figures by output role."""
    return {role: {"max_abs": figures.max_abs, "mean_abs": figures.mean_abs, "scale": figures.scale,
                   "relative": figures.relative, "samples": figures.samples}
            for role, figures in outcome.outputs.items()}
