"""The doctor through the real program, and in environments that are ill."""

import sys
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.fakes import broken


def test_a_real_picture_is_rendered_on_each_device_that_answers(program: Program):
    ran = program("doctor", "--json")
    document = ran.document
    assert ran.code in {0, 1}, ran.err
    devices = {device["requested"]: device for device in document["devices"]}
    assert set(devices) == {"cpu", "cuda", "directml"}
    cpu = devices["cpu"]
    assert (cpu["actual"], cpu["failed"]) == ("CPUExecutionProvider", False)
    assert cpu["total_ms"] >= cpu["model_ms"] > 0
    for device in devices.values():
        assert device["total_ms"] is not None or device["why"]
    spoken = program("doctor")
    assert spoken.code == ran.code
    assert "ms (model" in spoken.out


def test_a_second_runtime_beside_the_first_is_the_first_thing_told(program: Program, tmp_path: Path):
    ghost = tmp_path / "site" / "onnxruntime_gpu-1.30.0.dist-info"
    ghost.mkdir(parents=True)
    (ghost / "METADATA").write_text("Metadata-Version: 2.1\nName: onnxruntime-gpu\nVersion: 1.30.0\n")
    ran = program("doctor", "--json", env={"PYTHONPATH": str(tmp_path / "site")})
    assert ran.code == 3
    assert "2 ONNX Runtimes are installed" in ran.document["care"][0]


def test_a_model_that_kills_the_engine_does_not_condemn_the_device(program: Program):
    broken.aborts_at_run(program.models / "first")
    ran = program("doctor", "--json")
    cpu = next(device for device in ran.document["devices"] if device["requested"] == "cpu")
    assert cpu["failed"] is False
    assert cpu["total_ms"] > 0


def test_a_home_in_the_way_needs_care(program: Program):
    program.home.joinpath("state").write_text("in the way")
    ran = program("doctor", "--json")
    assert ran.code == 1
    assert any("state" in sentence for sentence in ran.document["care"])


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX symbolic links")
def test_the_program_runs_through_a_link_and_from_anywhere(program: Program, tmp_path: Path):
    ran = program("models", "--json", cwd=Path("/"))
    assert ran.code == 0
    assert "tiny-glyphs" in ran.out
