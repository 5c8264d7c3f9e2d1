"""The verdict: tolerances to the edge, the smallest that passes, JSON that machines can rely on."""

from __future__ import annotations

import json
import math

import jsonschema
import pytest

from export.parity.judge import judge
from export.proof.figures import Figures, Outcome, OutputFigures, PartFigures, PictureFigures, Provider

CPU = "CPUExecutionProvider"
NUMBER = {"type": "number"}
OUTPUTS = {"type": "object", "minProperties": 1, "additionalProperties": {
    "type": "object", "required": ["max_abs", "mean_abs", "scale", "samples"],
    "properties": {"max_abs": NUMBER, "mean_abs": NUMBER, "scale": NUMBER, "samples": {"type": "integer"}}}}
SCHEMA = {
    "type": "object",
    "required": ["verdict", "source", "precision", "recommended", "first_divergence", "versions", "times",
                 "peak_memory_mb", "machine", "providers"],
    "properties": {
        "verdict": {"enum": ["pass", "fail"]},
        "recommended": {"type": ["string", "null"]},
        "first_divergence": {"type": ["object", "null"]},
        "precision": {"type": "object", "required": ["fp32"], "additionalProperties": {
            "type": "object",
            "required": ["verdict", "bytes", "tolerance", "provider", "ms", "speed_over_torch", "outputs",
                         "picture_difference", "parts"],
            "properties": {"verdict": {"enum": ["pass", "fail"]}, "bytes": {"type": "integer"}, "outputs": OUTPUTS}}},
    },
}


def figure(relative, mean=0.0, scale=2.0):
    return OutputFigures(relative * scale, mean * scale, scale, 40)


def part(role="decoder", *, picture=None, sizes=None, **errors):
    """One part whose precisions are off by the given shares of the range."""
    outcomes = {name: {CPU: Outcome({"image": error if isinstance(error, OutputFigures) else figure(error)},
                                    PictureFigures("image", picture[name], 9.0) if picture else None, ms=2.0, runs=4)}
                for name, error in errors.items()}
    sizes = sizes or {"fp32": 400, "fp16": 200, "int8": 100}
    return PartFigures(role, 6.0, "2.13.0", 1e-4, {name: sizes[name] for name in errors}, outcomes)


def figures(*parts):
    return Figures(parts, (Provider("cpu", CPU, "CPU, 1 thread"),), {"onnxruntime": "1.32.0"}, {"cores": "2"}, 80.0)


def verdicts(*parts):
    report = judge(figures(*parts), source={}).report
    return {name: entry["verdict"] for name, entry in report["precision"].items()}


@pytest.mark.parametrize(("error", "verdict"), [(0.0, "pass"), (1e-4, "pass"), (1.01e-4, "fail"), (math.nan, "fail")])
def test_single_precision_may_be_off_by_a_ten_thousandth_of_the_range(error, verdict):
    assert verdicts(part(fp32=error)) == {"fp32": verdict}


def test_an_adapter_may_ask_for_less():
    import msgspec

    loose = msgspec.structs.replace(part(fp32=5e-4), tolerance=1e-3)
    assert verdicts(loose) == {"fp32": "pass"}


@pytest.mark.parametrize(("error", "steps", "verdict"), [
    (1e-2, 1.0, "pass"), (1.1e-2, 0.1, "fail"), (1e-3, 1.01, "fail"), (1e-3, math.nan, "fail")])
def test_half_precision_keeps_a_hundredth_and_one_step_of_a_picture(error, steps, verdict):
    found = verdicts(part(fp32=0.0, fp16=error, picture={"fp32": 0.0, "fp16": steps}))
    assert found == {"fp32": "pass", "fp16": verdict}


@pytest.mark.parametrize(("steps", "verdict"), [(2.0, "pass"), (2.01, "fail")])
def test_eight_bit_pictures_are_judged_by_eye(steps, verdict):
    found = verdicts(part(fp32=0.0, int8=0.4, picture={"fp32": 0.0, "int8": steps}))
    assert found["int8"] == verdict


@pytest.mark.parametrize(("mean", "verdict"), [(0.02, "pass"), (0.021, "fail")])
def test_eight_bits_without_a_picture_are_judged_by_their_mean(mean, verdict):
    assert verdicts(part(fp32=0.0, int8=figure(0.1, mean)))["int8"] == verdict


def test_the_smallest_that_passes_is_recommended():
    def best(**errors):
        return judge(figures(part(**errors)), source={}).recommended

    assert best(fp32=0.0, fp16=1e-3, int8=figure(0.1, 0.01)) == "int8"
    assert best(fp32=0.0, fp16=1e-3, int8=figure(0.1, 0.5)) == "fp16"
    assert best(fp32=0.0, fp16=1.0) == "fp32"


def test_a_smaller_precision_that_fails_does_not_fail_the_conversion_and_one_in_fp32_does():
    assert judge(figures(part(fp32=0.0, fp16=1.0)), source={}).verdict == "pass"
    failed = judge(figures(part(fp32=1.0, fp16=1e-3)), source={})
    assert (failed.verdict, failed.recommended) == ("fail", None)
    assert "“image” is off by 1 of its range" in failed.report["precision"]["fp32"]["why"][0]


def test_one_bad_part_fails_the_whole():
    report = judge(figures(part("mapping", fp32=0.0), part("synthesis", fp32=1.0)), source={}).report
    assert report["verdict"] == "fail"
    assert [reason.split(":")[0] for reason in report["precision"]["fp32"]["why"]] == ["synthesis"]
    assert set(report["precision"]["fp32"]["outputs"]) == {"mapping.image", "synthesis.image"}


def test_a_part_that_does_not_come_in_a_precision_stays_as_it_is():
    report = judge(figures(part("mapping", fp32=0.0), part("synthesis", fp32=0.0, fp16=1e-3)), source={}).report
    assert report["precision"]["fp16"]["bytes"] == 400 + 200
    assert report["precision"]["fp16"]["parts"]["mapping"]["form"] == "fp32"
    assert report["precision"]["fp16"]["verdict"] == "pass"


def test_every_device_must_keep_the_tolerance():
    import msgspec

    good = part(fp32=0.0)
    both = msgspec.structs.replace(good, outcomes={"fp32": {**good.outcomes["fp32"], "CUDAExecutionProvider": Outcome(
        {"image": figure(0.5)}, ms=1.0)}})
    report = judge(figures(both), source={}).report
    assert report["verdict"] == "fail"
    devices = report["precision"]["fp32"]["parts"]["decoder"]["providers"]
    assert {name: entry["verdict"] for name, entry in devices.items()} == {CPU: "pass",
                                                                          "CUDAExecutionProvider": "fail"}


def test_no_device_and_no_figures_never_pass():
    import msgspec

    nothing = msgspec.structs.replace(part(fp32=0.0), outcomes={"fp32": {}})
    assert judge(figures(nothing), source={}).verdict == "fail"
    assert judge(figures(), source={}).verdict == "fail"
    empty = msgspec.structs.replace(part(fp32=0.0), outcomes={"fp32": {CPU: Outcome({}, runs=3)}})
    assert judge(figures(empty), source={}).verdict == "fail"


def test_the_report_is_json_of_the_promised_form():
    parity = judge(figures(part(fp32=0.0, fp16=1e-3)), source={"name": "G.pt"}, times={"trace": 3.0},
                   divergence={"node": "up.3/Conv", "layer": "up.3"})
    report = json.loads(parity.to_json())
    jsonschema.validate(report, SCHEMA)
    assert report["precision"]["fp32"]["speed_over_torch"] == 3.0
    assert report["source"]["name"] == "G.pt"
    broken = json.loads(parity.to_json())
    del broken["precision"]["fp32"]["outputs"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


def test_numbers_that_json_does_not_know_never_reach_it():
    parity = judge(figures(part(fp32=math.nan)), source={})
    report = json.loads(parity.to_json(), parse_constant=pytest.fail)
    assert report["precision"]["fp32"]["outputs"]["decoder.image"]["max_abs"] is None
