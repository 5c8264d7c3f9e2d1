"""C01 to C54 through the real door, in a caged child: each ends as its name promises, and nothing of it ever ran."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.checkpoints import CASES, NETWORK, WEIGHTS
from tests.corpus.containers import safetensors, state_dict_zip, stylegan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the cage is made of POSIX limits")
ROOT = Path(__file__).resolve().parents[3]
PEAK = 400 << 20


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Every case made and opened, in one child; its answer by the case's name."""
    honest = tmp_path_factory.mktemp("honest")
    state_dict_zip(honest / "honest.pt", WEIGHTS)
    stylegan(honest / "honest.pkl", NETWORK, "")
    safetensors(honest / "honest.safetensors", {"__metadata__": {"format": "pt"}}, b"")
    top = tmp_path_factory.mktemp("corpus")
    chosen = {}
    for case in CASES:
        (top / case.name).mkdir()
        chosen[case.name] = case.make(top / case.name)
    before = {path: path.stat().st_size for path in top.rglob("*")}
    child = subprocess.run([sys.executable, "-m", "tests.corpus.door_checkpoints", str(honest)], cwd=ROOT, timeout=300,
                           input="\n".join(map(str, chosen.values())), capture_output=True, check=False, text=True)
    assert not child.returncode, child.stderr + child.stdout[-400:]
    told = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(told) == len(CASES), child.stderr
    assert {path: path.stat().st_size for path in top.rglob("*")} == before, "something was written, changed or removed"
    return dict(zip(chosen, told, strict=True))


def test_every_case_of_the_page_is_here():
    assert [case.number for case in CASES] == [f"C{number:02}" for number in range(1, 55)]


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_it_is_refused_with_file_reason_and_next_step(case, answers):
    answer = answers[case.name]
    assert case.refused in answer.get("refused", f"opened: {answer}")
    assert answer["refused"].startswith(f"“{Path(answer['path']).name}” ")
    assert answer["refused"].endswith(".")
    assert answer["remedy"].endswith(".")
    assert answer["subject"] == answer["path"]
    assert answer["peak"] < PEAK


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_it_opens_as_data_with_its_numbers_exact(case, answers):
    answer = answers[case.name]
    assert "refused" not in answer
    expected = {name: [list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()]
                for name, array in case.tensors.items()}
    assert {name: rest for name, (_, *rest) in answer["tensors"].items()} == expected
    assert case.says in "\n".join(answer["said"])
    assert answer["peak"] < PEAK


def test_the_settings_beside_the_weights_are_plain_data(answers):
    assert answers["C14_sg_genuine_tiny"]["settings"]["init_kwargs"] == {
        "z_dim": 4, "img_resolution": 8, "mapping_kwargs": {"num_layers": 2}}
    assert answers["C26_lightning_ckpt_callbacks"]["settings"]["hyper_parameters"] == {"nz": 100}


@pytest.mark.parametrize("deed", ["open('canary', 'w')", "__import__('os').system('touch canary')",
                                  "__import__('this')", "pickle.loads(b'cos\\nsystem\\n.')",
                                  "socket.socket()", "exec('1')"])
def test_the_cage_can_fail(deed, tmp_path):
    """The alarm is heard: a child that does anything but read ends at once."""
    prepare = "import pickle, socket, sys; from tests.corpus import door_checkpoints as door"
    script = f"{prepare}; sys.addaudithook(door.alarm); {deed}"
    child = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
                           timeout=60)
    assert (child.returncode, "alarm: " in child.stderr) == (70, True)
    assert not (ROOT / "canary").exists()


def test_the_reader_needs_neither_torch_nor_any_runtime():
    script = ("import sys, export.checkpoint.open\n"
              "found = {'torch', 'onnx', 'onnxruntime', 'safetensors', 'transformers'} & set(sys.modules)\n"
              "sys.exit(f'imported {found}' if found else 0)")
    child = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False,
                           timeout=60)
    assert not child.returncode, child.stderr
