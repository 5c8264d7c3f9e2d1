"""The folder that people download: built here, then used with an empty environment and no Python in sight.

A step of its own (`pytest -m packaged`), because building takes minutes; `bootstrap.py package` builds again only when
something it is made of has changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes import foreign
from tests.fakes.weights import dcgan
from tests.law import ROOT

pytestmark = pytest.mark.packaged

LARGEST_MB = 300
ENDING = ".exe" if sys.platform == "win32" else ""


@pytest.fixture(scope="session")
def folder() -> Path:
    """`dist/latent-atelier`, fresh."""
    built = subprocess.run([sys.executable, str(ROOT / "bootstrap.py"), "package"], check=False, cwd=ROOT)
    assert built.returncode == 0, "the build failed, see above"
    return ROOT / "dist" / "latent-atelier"


@pytest.fixture
def bare(home: Path) -> dict[str, str]:
    """The whole environment of the programs under test: no PATH, no HOME, only where this test keeps its things."""
    kept = {"LATENT_ATELIER_HOME": str(home)}
    if sys.platform == "win32":  # Windows starts nothing without it
        kept["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return kept


def run(folder: Path, environment: dict[str, str], *words: str, program: str = "atelier") -> str:
    """What a packaged program prints; it must succeed and say nothing on stderr but progress."""
    answer = subprocess.run([str(folder / f"{program}{ENDING}"), *words], env=environment, cwd=folder.parent,
                            capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, f"{words} ended with {answer.returncode}:\n{answer.stderr}"
    assert "Traceback" not in answer.stderr
    return answer.stdout


def test_the_folder_is_small_enough(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"{megabytes:.0f} MB in {len(files)} files")
    assert 50 < megabytes <= LARGEST_MB


def test_nothing_is_inside_that_we_do_not_use(folder: Path) -> None:
    names = {part.lower() for path in folder.rglob("*") for part in path.relative_to(folder).parts}
    assert not [path for path in folder.rglob("*") if path.is_symlink() and not path.exists()], "a link into nowhere"
    for unwanted in ("torch", "onnx", "tkinter", "scipy", "cv2", "pytest", "libgtk-3.so.0", "libqgtk3.so",
                     "huggingface_hub", "hf_xet", "httpx2", "sklearn", "transformers", "diffusers"):
        assert unwanted not in names
    assert not [name for name in names if name.startswith(("libtorch", "libcairo", "libavcodec", "libx264"))]


def test_the_licences_travel_with_it(folder: Path) -> None:
    inside = folder / "_internal"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (inside / "resources/licences/LGPL-3.0.txt").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in (inside / "resources/licences/GPL-3.0.txt").read_text()
    assert "Apache License" in (inside / "LICENSE").read_text()
    assert "Qt" in (inside / "THIRD_PARTY.md").read_text(encoding="utf-8")
    assert "Apache License" in (inside / "resources/licences/Apache-2.0.txt").read_text()
    assert "Apache License" in (inside / "resources/encoders/minilm/LICENSE.txt").read_text()
    told = {path.name for path in (inside / "licences").iterdir()}
    assert {"numpy", "msgspec", "onnxruntime", "python", "pyinstaller"} <= told


def test_qt_speaks_the_languages_that_we_speak_and_no_other(folder: Path) -> None:
    ours = {path.stem.removeprefix("atelier_") for path in (ROOT / "resources/translations").glob("*.qm")}
    qt = {path.stem.removeprefix("qtbase_") for path in folder.rglob("qtbase_*.qm")}
    assert qt == ours


def test_the_qt_libraries_can_be_replaced(folder: Path) -> None:
    # LGPL: they lie beside the program as files of their own.
    assert list(folder.rglob("*Qt6Core*"))


def test_it_runs_with_an_empty_environment(folder: Path) -> None:
    assert run(folder, {}, "--version").startswith("Latent Atelier ")


def test_the_starter_model_is_on_the_shelf(folder: Path, bare: dict[str, str]) -> None:
    assert '"glyphs"' in run(folder, bare, "models", "--json")


def test_a_picture_is_rendered_and_made_again_to_the_byte(folder: Path, bare: dict[str, str], tmp_path: Path) -> None:
    first, again = tmp_path / "first.png", tmp_path / "again.png"
    run(folder, bare, "render", "glyphs", "--seed", "7", "-o", str(first))
    assert first.read_bytes().startswith(b"\x89PNG")
    assert '"glyphs"' in run(folder, bare, "inspect", str(first), "--json")
    run(folder, bare, "repeat", str(first), "-o", str(again))
    assert again.read_bytes() == first.read_bytes()


def test_the_source_and_the_build_make_the_same_bytes(folder: Path, bare: dict[str, str], tmp_path: Path) -> None:
    built, source = tmp_path / "built.png", tmp_path / "source.png"
    run(folder, bare, "render", "glyphs", "--seed", "11", "-o", str(built))
    subprocess.run([sys.executable, str(ROOT / "atelier.py"), "render", "glyphs", "--seed", "11", "-o", str(source)],
                   check=True, timeout=120, capture_output=True)
    assert source.read_bytes() == built.read_bytes()


STARTERS = [path.parent.name for path in sorted(ROOT.glob("resources/packages/*/manifest.json"))]


@pytest.mark.parametrize("package", STARTERS)
def test_every_starter_model_makes_something_and_makes_it_again(folder: Path, bare: dict[str, str], tmp_path: Path,
                                                                package: str) -> None:
    shown = json.loads(run(folder, bare, "models", "show", package, "--json"))["package"]
    ending = {"picture": ".png", "text": ".csv", "palette": ".gpl"}[shown["medium"]]
    named = {control["name"] for control in shown["controls"]}
    words = ["--prompt", "a calm blue harbour"] if "prompt" in named else []
    first, again = tmp_path / f"first{ending}", tmp_path / f"again{ending}"
    run(folder, bare, "render", package, *words, "--seed", "7", "-o", str(first))
    run(folder, bare, "repeat", str(first), "-o", str(again))
    assert again.read_bytes() == first.read_bytes()


def test_kept_pictures_are_found_by_meaning(folder: Path, bare: dict[str, str], tmp_path: Path) -> None:
    for text in ("Mountain", "Ocean"):
        run(folder, bare, "render", "glyphs", "--set", f"text={text}", "-o", str(tmp_path / f"{text}.png"))
    found = json.loads(run(folder, bare, "find", "the sea", str(tmp_path), "--json"))["found"]
    assert Path(found[0]["path"]).name == "Ocean.png"
    run(folder, bare, "library", "add", str(tmp_path))
    kept = json.loads(run(folder, bare, "library", "find", "the sea", "--json"))["entries"]
    assert Path(kept[0]["path"]).name == "Ocean.png"


def test_doctor_names_the_device(folder: Path, bare: dict[str, str]) -> None:
    assert "CPUExecutionProvider" in run(folder, bare, "doctor", "--json")


def test_a_checkpoint_is_told_and_the_way_to_convert_it_named(folder: Path, bare: dict[str, str],
                                                              tmp_path: Path) -> None:
    checkpoint = dcgan(tmp_path / "pots.safetensors")
    assert '"dcgan"' in run(folder, bare, "export", str(checkpoint), "--inspect", "--json")
    for words in (["export", str(checkpoint), "-o", "y", "--license", "unknown"], ["train", "glyphs"]):
        answer = subprocess.run([str(folder / f"atelier{ENDING}"), *words], env=bare, check=False, cwd=tmp_path,
                                capture_output=True, text=True, timeout=60)
        assert answer.returncode not in (0, 1)
        assert "PyTorch" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_foreign_graph_becomes_a_package_that_draws(folder: Path, bare: dict[str, str], tmp_path: Path) -> None:
    graph, made, drawn = foreign.gan(tmp_path / "pots.onnx"), tmp_path / "pots", tmp_path / "one.png"
    run(folder, bare, "export", str(graph), "-o", str(made), "--license", "unknown")
    run(folder, bare, "render", str(made), "-o", str(drawn))
    assert drawn.read_bytes().startswith(b"\x89PNG")


def test_the_studio_opens_shows_a_picture_and_closes(folder: Path, bare: dict[str, str], tmp_path: Path) -> None:
    report = tmp_path / "startup.json"
    begun = time.time()
    run(folder, {**bare, "QT_QPA_PLATFORM": "offscreen", "LATENT_ATELIER_PROBE": str(report)},
        program="latent-atelier")
    marks = {name: moment - begun for name, moment in json.loads(report.read_text()).items()}
    print(marks)
    assert 0 < marks["window"] <= marks["picture"] < 60  # how fast is for the benchmarks to say
