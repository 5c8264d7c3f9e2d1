"""The `.atelier` file: what goes in comes out; what is damaged, newer or a trap is refused with a sentence."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import media
from engine.api import Medium, Recipe
from engine.document import file as documents
from engine.document import thumbnail
from engine.document.plain import digest, from_plain, to_plain
from engine.document.tree import Node, Tree
from engine.errors import FileProblem


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "home"))


def picture(shade: int) -> bytes:
    return thumbnail.write(np.full((12, 20, 3), shade, np.uint8))


def sample(key: str = "") -> Tree:
    """Three media of three models in one tree, with a branch."""
    glyphs = Recipe("glyphs", "sha256:a", {"seed": 1, "size": (640, 480), "weight": 0.5, "source": key})
    names = Recipe("names", "sha256:b", {"prompt": "夜の庭", "seed": 2})
    colors = Recipe("palettes", "sha256:c", {"on": True})
    tree = Tree().grown(glyphs, Medium.PICTURE, "2026-11-23T04:05:06Z", size=(640, 480))
    tree = tree.changed(1, thumbnail=picture(40), name="首稿")
    tree = tree.grown(names, Medium.TEXT, "2026-11-23T04:05:07Z", texts=("Aurelia", "Nachtgarten"))
    return tree.moved(1).grown(colors, Medium.PALETTE, "", colors=("#102030", "#ffeedd")).changed(3, pinned=True)


def rewritten(path: Path, **entries: bytes | None) -> Path:
    """The file with some entries replaced, added or (None) taken out; `__` in a name stands for a slash."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    for name, data in entries.items():
        place = name.replace("__", "/")
        if data is None:
            parts.pop(place)
        else:
            parts[place] = data
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def edited(path: Path, **changes: Any) -> Path:
    """The file with other values at the top of its JSON."""
    with zipfile.ZipFile(path) as opened:
        plain = json.loads(opened.read(documents.CONTENT))
    return rewritten(path, **{documents.CONTENT: json.dumps({**plain, **changes}).encode()})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "night.atelier"
    documents.save(sample(), made)
    return made


def test_a_document_comes_back_as_it_was(path: Path) -> None:
    assert documents.read(path) == sample()


def test_the_same_document_is_the_same_bytes(path: Path, tmp_path: Path) -> None:
    documents.save(documents.read(path), tmp_path / "again.atelier")
    assert (tmp_path / "again.atelier").read_bytes() == path.read_bytes()


def test_source_pictures_travel_with_it_to_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = media.put(b"a picture of mine")
    made = tmp_path / "cat.atelier"
    assert documents.save(sample(key), made) == ()
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "elsewhere"))
    tree = documents.read(made)
    assert media.path_of(key).read_bytes() == b"a picture of mine"
    assert tree.nodes[1].recipe.values["source"] == key


def test_a_source_picture_that_is_gone_is_told_and_the_rest_is_saved(tmp_path: Path) -> None:
    lost = "sha256:" + "0" * 64
    made = tmp_path / "cat.atelier"
    assert documents.save(sample(lost), made) == (lost,)
    assert len(documents.read(made)) == 3


def test_what_a_later_version_added_is_kept(path: Path, tmp_path: Path) -> None:
    tree = documents.read(edited(path, mood="calm"))
    documents.save(tree, tmp_path / "again.atelier")
    with zipfile.ZipFile(tmp_path / "again.atelier") as opened:
        assert json.loads(opened.read(documents.CONTENT))["mood"] == "calm"
    plain = to_plain(sample())
    plain["nodes"][0]["rating"] = 5
    assert to_plain(from_plain(plain, lambda _: b""))["nodes"][0]["rating"] == 5


def test_a_newer_format_is_refused_with_a_sentence(path: Path) -> None:
    with pytest.raises(FileProblem, match="made by a newer version") as caught:
        documents.read(edited(path, format=2))
    assert caught.value.remedy == "Update Latent Atelier."


@pytest.mark.parametrize(("changes", "reason"), [
    ({"format": "one"}, "which format"), ({"format": True}, "which format"), ({"nodes": None}, "no list"),
    ({"nodes": [{}]}, "not whole"), ({"nodes": [7]}, "not whole"), ({"current": 99}, "current state"),
    ({"nodes": [{"id": 1, "parent": 1}]}, "not whole"), ({"nodes": ["id"]}, "not whole"),
])
def test_json_that_says_something_else_is_refused(path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(FileProblem, match=reason):
        documents.read(edited(path, **changes))


NODE = to_plain(Tree({4: Node(4, None, Recipe("glyphs", "d", {"seed": 1}))}))["nodes"][0]


@pytest.mark.parametrize("changes", [
    {"id": 0}, {"id": True}, {"id": 2 ** 60}, {"parent": 4}, {"parent": 3}, {"medium": "smell"}, {"pinned": 1},
    {"when": "<script>"}, {"name": 5}, {"name": "x" * 1000}, {"thumbnail": "../../etc/passwd"}, {"texts": "abc"},
    {"texts": ["x" * 200_000]}, {"colors": ["red"]}, {"size": [0, 5]}, {"size": 7}, {"size": [1, 2, 3]},
    {"recipe": []}, {"recipe": {**NODE["recipe"], "values": []}},
    {"recipe": {**NODE["recipe"], "values": {"seed": {"a": 1}}}}, {"recipe": {**NODE["recipe"], "version": "1"}},
    {"recipe": {**NODE["recipe"], "values": {"size": [1, 2, 3]}}}, {"recipe": {**NODE["recipe"], "package": 1}},
])
def test_a_state_that_is_not_whole_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError), match=r"\w"):
        from_plain({"format": 1, "nodes": [{**NODE, **changes}]}, lambda _: b"")


def test_no_name_in_the_zip_becomes_a_path(path: Path, tmp_path: Path) -> None:
    documents.read(rewritten(path, **{"..__..__evil.txt": b"x", "thumbnails__..__evil.png": b"x"}))
    assert not list(tmp_path.rglob("evil*"))


def test_a_picture_under_a_false_name_is_refused(tmp_path: Path) -> None:
    key = media.put(b"a picture of mine")
    made = tmp_path / "cat.atelier"
    documents.save(sample(key), made)
    with pytest.raises(FileProblem, match="not the one that its name says"):
        documents.read(rewritten(made, **{"media__" + key[7:]: b"another"}))


def test_a_part_that_unpacks_without_end_is_refused(path: Path) -> None:
    name = digest(sample().nodes[1].thumbnail)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(documents.CONTENT, documents.content(sample()))
        made.writestr(f"thumbnails/{name}.png", bytes(50_000_000))
    path.write_bytes(buffer.getvalue())
    with pytest.raises(FileProblem, match="too large"):
        documents.read(path)


def test_a_part_that_is_there_twice_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(documents.CONTENT, b"{}")
    with pytest.raises(FileProblem, match="twice"):
        documents.read(path)


def test_what_is_no_zip_or_has_no_content_is_refused(tmp_path: Path, path: Path) -> None:
    with pytest.raises(FileProblem, match="is missing"):
        documents.read(rewritten(path, **{documents.CONTENT: None}))
    (tmp_path / "x.atelier").write_bytes(b"PK nothing")
    with pytest.raises(FileProblem, match="not a whole document"):
        documents.read(tmp_path / "x.atelier")
    with pytest.raises(FileProblem, match="not found"):
        documents.read(tmp_path / "none.atelier")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_anywhere_is_a_sentence_or_harmless(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    broken = path.with_name("broken.atelier")
    broken.write_bytes(whole[:at] if cut else whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))])
                       + whole[at + 1:])
    with contextlib.suppress(FileProblem):
        assert documents.read(broken) is not None


def test_on_the_desk_it_is_a_folder_and_a_lost_thumbnail_costs_only_itself(tmp_path: Path) -> None:
    assert documents.read_folder(tmp_path) is None
    tree = sample()
    (tmp_path / "thumbnails").mkdir()
    (tmp_path / "document.json").write_bytes(documents.content(tree))
    assert documents.read_folder(tmp_path) == tree.changed(1, thumbnail=b"")
    for name, data in {**documents.thumbnails(tree), "f" * 64: b"old"}.items():
        (tmp_path / "thumbnails" / f"{name}.png").write_bytes(data)
    assert documents.read_folder(tmp_path) == tree
    assert [each.stem for each in documents.loose(tmp_path, tree)] == ["f" * 64]
