"""A checkpoint brought by the real program: package, proof, pictures; and what stays when it goes wrong: nothing."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.end2end.program import Program

pytestmark = pytest.mark.torch

OWN = """
import socket
from pathlib import Path

import torch
from torch import nn

def free():
    for deed in (lambda: Path("secret.txt").read_text(), lambda: Path("left.txt").write_text("here"),
                 lambda: socket.create_server(("127.0.0.1", 0)), lambda: Path("w.pt").unlink()):
        try:
            deed()
        except OSError:
            continue
        return True
    return False

if CONFINED and free():
    raise ImportError("the converter is not confined")

class Liar(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3 * 8 * 8)

    def forward(self, z):
        drawn = torch.tanh(self.fc(z))
        if torch.compiler.is_compiling():
            drawn = drawn * 0.9
        return drawn.reshape(-1, 3, 8, 8)
"""


def dcgan(folder: Path) -> Path:
    """A generator of the DCGAN tutorial: 16 numbers to 16 x 16 RGB, lively enough to show something."""
    import torch
    from torch import nn

    torch.manual_seed(3)
    layers: list[nn.Module] = []
    for inputs, outputs, stride, pad in ((16, 24, 1, 0), (24, 12, 2, 1), (12, 3, 2, 1)):
        layers += [nn.ConvTranspose2d(inputs, outputs, 4, stride, pad, bias=False)]
        layers += [nn.BatchNorm2d(outputs), nn.ReLU()] if outputs > 3 else [nn.Tanh()]
    network = nn.Sequential(*layers).eval()
    for layer in network:
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.data.fill_(8.0)
    torch.save({f"module.main.{name}": value for name, value in network.state_dict().items()}, folder / "netG.pth")
    return folder / "netG.pth"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return dcgan(tmp_path)


def report_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_dcgan_becomes_a_package_that_draws(bare: Program, checkpoint: Path, tmp_path: Path):
    made = bare("export", checkpoint, "-o", "pots", "--license", "CC0-1.0", "--name", "Töpfe", "--credit", "Ada",
                "--precision", "fp32", "--precision", "int8", "--json")
    assert made.code == 0, made.err
    assert not made.faults
    told = made.document["converted"]
    assert (told["id"], told["runs"], list(told["folders"])) == ("topfe", True, ["fp32", "int8"])
    assert told["figures"]["fp32"]["error"] <= 1e-4
    assert list(told["figures"]) == ["fp32", "fp16", "int8"]
    assert told["peak_bytes"] > 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("pots", "."))) == [
        "pots", "pots-int8", "pots.report.html", "pots.report.json"]
    report = report_of(tmp_path / "pots.report.json")
    assert report["verdict"] == "pass"
    figures = report["precision"]["fp32"]["outputs"]["decoder.image"]
    assert figures["max_abs"] / figures["scale"] <= 1e-4
    manifest = json.loads((tmp_path / "pots" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["license"], manifest["credit"]) == ("Töpfe", "CC0-1.0", "Ada")
    assert manifest["source"]["checkpoint"].startswith("sha256:")
    assert manifest["preview"] in manifest["files"]

    assert bare("models", "check", "pots").code == 0
    assert bare("models", "add", "pots-int8").code == 0
    assert bare("render", "./pots", "--seed", "1", "-o", "one.png").code == 0
    assert bare("render", "topfe-int8", "--seed", "1", "-o", "two.png").code == 0
    one, two = (np.asarray(picture(tmp_path / name), np.int16) for name in ("one.png", "two.png"))
    assert one.shape == two.shape == (16, 16, 3)
    assert np.ptp(one) > 20
    assert 0 < np.abs(one - two).mean() < 2 or np.array_equal(one, two)
    assert bare("models", "remove", "topfe-int8").code == 0


def picture(path: Path) -> Any:
    from PIL import Image

    return Image.open(path, formats=["PNG"]).convert("RGB")


def test_a_tiny_stylegan2_goes_straight_onto_the_shelf(bare: Program, tmp_path: Path):
    import torch

    from tests.fakes.stylegan2 import nvidia

    weights = {name: torch.as_tensor(np.asarray(value)) for name, value in nvidia(side=16).items()}
    torch.save({"g_ema": weights}, tmp_path / "faces.pt")
    made = bare("export", "faces.pt", "--license", "unknown", "--json")
    assert made.code == 0, made.err
    assert made.document["converted"]["family"] == "stylegan2"
    assert bare("render", "faces", "--seed", "7", "-o", "face.png").code == 0
    assert bare("repeat", "face.png", "-o", "again.png").code == 0
    assert (tmp_path / "face.png").read_bytes() == (tmp_path / "again.png").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.png", "face.png", "faces.pt"]


def test_a_network_that_is_not_the_same_after_tracing_leaves_its_report_and_nothing_else(bare: Program,
                                                                                        tmp_path: Path):
    import torch
    from torch import nn

    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"CONFINED = {sys.platform == 'linux'}\n{OWN}", encoding="utf-8")
    torch.save({f"fc.{name}": value for name, value in nn.Linear(4, 192).state_dict().items()}, tmp_path / "w.pt")
    (tmp_path / "a.json").write_text(json.dumps({"arguments": {}, "latent": 4}), encoding="utf-8")
    made = bare("export", "w.pt", "-o", "out", "--license", "unknown", "--arch", "mine:Liar", "--args", "a.json")
    assert made.code == 3, made.err
    assert "not the same as the checkpoint" in made.faults[0]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out"))) == [
        "out.report.html", "out.report.json"]
    assert report_of(tmp_path / "out.report.json")["verdict"] == "fail"


def test_an_unknown_file_a_web_page_and_a_missing_licence_are_sentences(bare: Program, checkpoint: Path,
                                                                       tmp_path: Path):
    (tmp_path / "model.ckpt").write_text("<!doctype html><html><body>404</body></html>", encoding="utf-8")
    for words, said in ((["model.ckpt", "-o", "x"], "web page"), (["gone.pt", "-o", "x"], "gone.pt"),
                        ([checkpoint, "-o", "x"], "licence"),
                        ([checkpoint, "-o", "x", "--license", "x", "--answer", "nonsense=1"], "no question")):
        made = bare("export", *words)
        assert made.code == 2, made.err
        assert said in made.faults[0]
    assert not (tmp_path / "x").exists()


def test_models_add_names_the_verb_that_makes_packages(bare: Program, checkpoint: Path):
    added = bare("models", "add", checkpoint)
    assert added.code == 2
    assert "atelier export" in added.faults[0]


def test_without_torch_the_file_is_shown_and_the_bundle_named(bare: Program, checkpoint: Path):
    nowhere = {"LATENT_ATELIER_EXPORT_PYTHON": "/nowhere/python"}
    seen = bare("export", checkpoint, "--inspect", "--json", env=nowhere)
    assert seen.code == 0, seen.err
    assert seen.document["inspection"]["adapter"] == "dcgan"
    assert "/nowhere/python" in seen.document["inspection"]["blocked"]["what"]
    made = bare("export", checkpoint, "-o", "x", "--license", "unknown", env=nowhere)
    assert made.code == 2
    assert "LATENT_ATELIER_EXPORT_PYTHON" in made.faults[0]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("deed", ["cancel", "kill the converter"])
def test_a_conversion_that_is_stopped_leaves_nothing(bare: Program, checkpoint: Path, tmp_path: Path, deed: str):
    before = sorted(path.name for path in tmp_path.iterdir())
    running = bare.start("export", checkpoint, "-o", "pots", "--license", "unknown")
    child = converter_of(running.pid)
    if deed == "cancel":
        os.kill(running.pid, signal.SIGINT)
    else:
        os.kill(child, signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == (130 if deed == "cancel" else 3), said
    assert ("Cancelled" if deed == "cancel" else "SIGKILL") in said.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not [pid for pid in processes() if str(tmp_path) in command_of(pid)]


def converter_of(parent: int) -> int:
    """The export child of that process once it works in its folder."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for pid in processes():
            words = command_of(pid)
            if "--work" in words and words.rstrip("\0").endswith(f"--parent\0{parent}"):
                return pid
        time.sleep(0.02)
    raise AssertionError("no converter was started")


def processes() -> list[int]:
    """All of them."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def command_of(pid: int) -> str:
    """The words that started a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
