"""The export child over its pipes: it looks at files without torch, confined, and answers in lines."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.converting.messages import ConvertRequest, Event, Failed, Inspected, Noted, decode_event, encode
from export.recognise import settings_of
from export.sources import bytes_of, files_behind
from tests.fakes.weights import dcgan

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = """
import sys
for name in ("torch", "onnx", "onnxscript", "onnxruntime", "safetensors", "transformers", "diffusers", "PIL"):
    sys.modules[name] = None
from export.child import main
sys.exit(main(["--inspect"]))
"""


def asked(request: ConvertRequest) -> Event:
    """The last event of an inspection in an interpreter that has numpy and nothing else."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], input=encode(request), capture_output=True, check=False,
                          cwd=ROOT, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr.decode()
    events = [decode_event(line) for line in done.stdout.splitlines()]
    assert all(isinstance(event, Noted) for event in events[:-1])
    return events[-1]


def test_a_file_is_told_without_torch(tmp_path: Path):
    event = asked(ConvertRequest(str(dcgan(tmp_path / "my_pots-v2.safetensors"))))
    assert isinstance(event, Inspected), event
    seen = event.inspection
    assert (seen.adapter, seen.family, seen.kind, seen.name_hint) == ("dcgan", "decoder", "safetensors", "My pots v2")
    assert [part.role for part in seen.makes] == ["decoder"]
    assert seen.reasons
    assert seen.needs_torch


@pytest.mark.parametrize(("changes", "words"), [
    ({"arch": "diffusers-xl"}, "no architecture called"), ({"family": "text"}, "no known architecture"),
    ({"arch": "vae"}, "no known architecture"), ({"arguments": "/nowhere.json"}, "arguments file cannot be read"),
])
def test_a_word_that_does_not_fit_is_a_sentence(tmp_path: Path, changes: dict[str, str], words: str):
    event = asked(ConvertRequest(str(dcgan(tmp_path / "m.safetensors")), **changes))
    assert isinstance(event, Failed)
    assert words in event.problem.what


def test_settings_are_an_object(tmp_path: Path):
    (tmp_path / "a.json").write_text('["relu"]')
    with pytest.raises(ValueError, match="not a JSON object"):
        settings_of(ConvertRequest("x", arguments=str(tmp_path / "a.json")))


def test_a_bomb_that_wants_gigabytes_ends_the_child_and_not_the_machine(tmp_path: Path):
    # A pickle may ask for an endless string before anything can refuse it: the cap on memory holds.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("m/data.pkl", b"\x80\x04\x8e" + (1 << 40).to_bytes(8, "little"))
        made.writestr("m/version", "3")
    (tmp_path / "bomb.pt").write_bytes(buffer.getvalue())
    event = asked(ConvertRequest(str(tmp_path / "bomb.pt")))
    assert isinstance(event, Failed)
    assert event.problem.code == "checkpoint"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_only_links_of_a_model_cache_are_followed(tmp_path: Path):
    cache, secret = tmp_path / "models--x", tmp_path / "secret.bin"
    snapshot = cache / "snapshots" / "1"
    for folder in (snapshot / "unet", cache / "blobs"):
        folder.mkdir(parents=True)
    (cache / "blobs" / "aa").write_bytes(b"weights")
    secret.write_bytes(b"mine")
    (snapshot / "unet" / "model.safetensors").symlink_to(cache / "blobs" / "aa")
    (snapshot / "config.json").symlink_to(secret)
    assert files_behind(snapshot) == (cache / "blobs" / "aa",)
    assert bytes_of(snapshot) == len(b"weights") + len(b"mine")
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "config.json").symlink_to(secret)
    assert files_behind(plain) == ()
