"""The proof in its own process: sound graphs pass, every planted fault is seen and said."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ConversionError
from export.parity.judge import judge
from export.proof.ask import proved
from tests.fakes import proofs

CPU = "CPUExecutionProvider"


def outcome(folder, graph, index):
    figures = proved((proofs.subject(folder, {"fp32": graph}, index),), folder / "proof")
    return figures, figures.parts[0].outcomes["fp32"][CPU]


@pytest.fixture
def index(tmp_path):
    return proofs.reference(tmp_path / "reference", proofs.weights())


def test_a_faithful_graph_passes_at_every_size(tmp_path, index):
    figures, found = outcome(tmp_path, proofs.model(proofs.weights()), index)
    assert found.faults == ()
    assert [size["batch"] for size in found.sizes] == [1, 4]
    assert found.outputs["image"].samples == 5
    assert found.outputs["image"].scale == 2.0
    assert 0 <= found.outputs["image"].relative < 1e-6
    assert found.ms > 0
    assert figures.versions["onnxruntime"]
    assert judge(figures, source={}).verdict == "pass"


def test_a_changed_weight_fails_with_the_true_error(tmp_path, index):
    values = proofs.weights()
    values["second.weight"] = values["second.weight"].copy()
    values["second.weight"][3, 5] += 0.5
    figures, found = outcome(tmp_path, proofs.model(values), index)
    worst = 0.0
    for number, batch in enumerate((1, 4)):
        z = np.random.default_rng(number).standard_normal((batch, 6)).astype(np.float32)
        worst = max(worst, float(np.abs(proofs.answer(values, z) - proofs.answer(proofs.weights(), z)).max()))
    assert found.outputs["image"].max_abs == pytest.approx(worst, rel=1e-3)
    assert judge(figures, source={}).verdict == "fail"


def test_a_wrong_operator_fails(tmp_path, index):
    figures, _ = outcome(tmp_path, proofs.model(proofs.weights(), activation="Softplus"), index)
    assert judge(figures, source={}).verdict == "fail"


def test_a_graph_fixed_to_its_traced_batch_is_caught(tmp_path, index):
    for fixed in (1, 4):
        _, found = outcome(tmp_path, proofs.model(proofs.weights(), batch=fixed), index)
        assert found.faults
        assert found.ms is None


def test_a_graph_that_yields_nan_is_a_fault_and_not_a_number(tmp_path, index):
    values = proofs.weights()
    values["first.bias"] = np.full_like(values["first.bias"], np.nan)
    figures, found = outcome(tmp_path, proofs.model(values), index)
    assert any("NaN" in fault for fault in found.faults)
    assert judge(figures, source={}).verdict == "fail"
    assert "NaN" in judge(figures, source={}).report["precision"]["fp32"]["why"][0]


def test_an_output_that_ignores_its_input_is_a_fault(tmp_path, index):
    values = proofs.weights()
    values["second.weight"] = np.zeros_like(values["second.weight"])
    _, found = outcome(tmp_path, proofs.model(values), index)
    assert any("whatever goes in" in fault for fault in found.faults)


def test_a_file_that_is_no_graph_is_a_fault_and_not_a_crash(tmp_path, index):
    part = proofs.subject(tmp_path, {"fp32": proofs.model(proofs.weights())}, index)
    (tmp_path / "decoder-fp32.onnx").write_bytes(b"not a graph at all")
    figures = proved((part,), tmp_path / "proof")
    assert "cannot load" in figures.parts[0].outcomes["fp32"][CPU].faults[0]
    assert judge(figures, source={}).verdict == "fail"


def test_the_visible_difference_counts_what_a_screen_shows(tmp_path):
    index = proofs.reference(tmp_path / "reference", proofs.weights(), offset=2 / 255)
    _, found = outcome(tmp_path, proofs.model(proofs.weights()), index)
    assert found.outputs["image"].max_abs == pytest.approx(2 / 255, rel=1e-3)
    assert 0.5 < found.picture.mean <= 1.0001     # one step of 255 on a range of two, less where both are clipped
    assert found.picture.max == pytest.approx(1.0, rel=1e-3)


def test_pictures_of_both_sides_are_kept_for_the_report(tmp_path, index):
    figures, _ = outcome(tmp_path, proofs.model(proofs.weights()), index)
    pictures = np.load(figures.parts[0].pictures["fp32"])
    assert pictures["torch"].shape == (2, 4, 4, 1)
    assert np.array_equal(pictures["torch"], pictures["onnx"])
    assert pictures["difference"].max() == 0


def test_only_devices_that_prove_themselves_run(tmp_path, index):
    figures, _ = outcome(tmp_path, proofs.model(proofs.weights()), index)
    for provider in figures.providers:
        assert provider.actual == CPU or not provider.why
    assert set(figures.parts[0].outcomes["fp32"]) == {provider.actual for provider in figures.providers}


def test_a_process_that_leaves_no_answer_is_told_as_a_fault(tmp_path):
    from export.aside import ask

    with pytest.raises(ConversionError, match="ended with code 1"):
        ask("export.proof", {"parts": "nonsense"}, tmp_path)


def test_a_cancel_ends_the_process(tmp_path, index):
    from engine.cancel import CancelToken
    from engine.errors import Cancelled

    token = CancelToken()
    token.cancel()
    part = proofs.subject(tmp_path, {"fp32": proofs.model(proofs.weights())}, index)
    with pytest.raises(Cancelled):
        proved((part,), tmp_path / "proof", cancel=token)
