"""Directions: few sliders, names and favourites of one's own, filmstrips that wait, drafts while one drags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine.api import Choice, Control, ControlKind, PackageInfo, Problem
from engine.messages import Failed
from gui.marks import FILE_NAME, MarkBook, Marks, named
from gui.properties import OWN
from gui.scribe import Scribe
from gui.session import Session
from gui.strips import small_recipe
from gui.widgets.badges import Place, place_of
from gui.widgets.fields import SliderField
from gui.widgets.name_label import NameLabel
from gui.widgets.sections import sections
from gui.widgets.track import Track
from tests.gui.conftest import Rig
from tests.gui.scripted import direction, glyphs

LAYERS = ((0, 3), (4, 7), (8, 13))


def found(name: str, origin: str, layers: tuple[int, int] | None = None) -> Control:
    """A direction that nobody has named."""
    return Control(name, ControlKind.DIRECTION, name, 0.0, "Style", minimum=-5.0, maximum=5.0, step=0.01, unit="σ",
                   origin=origin, layers=layers)


def faces() -> PackageInfo:
    """A package with two named directions, six found in each of three layer groups, and eight main variations."""
    controls = (
        direction("smile", "Smile", "Serious", "Smiling", "微笑"), direction("age", "Age", "Young", "Old", "年龄"),
        *(found(f"sefa_{band}_{i}", "sefa", layers) for band, layers in enumerate(LAYERS) for i in range(6)),
        *(found(f"pca_{i}", "pca") for i in range(8)),
        Control("seed", ControlKind.SEED, "Seed", 0, "Seed", minimum=0, maximum=2**32 - 1),
        Control("psi", ControlKind.SLIDER, "Truncation", 1.0, "Seed", minimum=-1.0, maximum=2.0, step=0.01),
        Control("size", ControlKind.SIZE, "Size", (64, 32), "Picture", minimum=16, maximum=8192),
    )
    return replace(glyphs("/models/faces", "sha256:" + "f" * 64), id="faces", name="Faces", controls=controls,
                   drafts=True)


@pytest.fixture
def info() -> PackageInfo:
    return faces()


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig(faces())


def slider(rig: Rig, name: str) -> SliderField:
    field = rig.studio.workspace.panel.field(name)
    assert isinstance(field, SliderField)
    return field


def shown(rig: Rig) -> list[tuple[str, list[str]]]:
    """Headings and the fields one can see under them."""
    return [(group.title, [field.control.name for field in group.fields if not field.isHidden()])
            for group in rig.studio.workspace.panel.groups() if not group.isHidden()]


def test_named_sliders_stand_first_then_the_seed_then_a_few_of_what_was_found(rig: Rig) -> None:
    headings = shown(rig)
    assert [title for title, _ in headings] == [
        "Style", "Seed", "Discovered: coarse (pose, shape)", "Discovered: middle (parts, features)",
        "Discovered: fine (colour, texture)", "Main variations", "Picture"]
    assert headings[0][1] == ["smile", "age"]
    assert [len(names) for _, names in headings[2:6]] == [4, 4, 4, 4]


def test_the_rest_unfolds_and_tells_what_is_set_in_it(rig: Rig, qtbot: QtBot) -> None:
    group = rig.studio.workspace.panel.groups()[2]
    assert group._more.text() == "2 more"
    rig.studio.session.edit("sefa_0_5", 1.0)
    assert group._more.text() == "2 more · 1 set"
    qtbot.mouseClick(group._more, Qt.MouseButton.LeftButton)
    assert len([field for field in group.fields if not field.isHidden()]) == 6
    assert group._more.text() == "Show fewer"


def test_one_layer_range_is_no_division() -> None:
    told = sections([found("a", "sefa", (0, 13)), found("b", "sefa", (0, 13)), found("c", "pca")])
    assert [section.title for section in told] == ["Discovered", "Main variations"]
    told = sections([*faces().controls[:2], found("a", "sefa", (0, 13)), found("c", "pca")])
    assert [section.title for section in told] == ["Style", "Discovered", "Main variations"]


def test_favourites_stand_on_top_and_what_is_put_away_is_folded(rig: Rig) -> None:
    rig.studio.session.mark("favourites", "pca_3")
    rig.studio.session.mark("hidden", "age")
    headings = shown(rig)
    assert headings[0] == ("Favourites", ["pca_3"])
    assert headings[1] == ("Style", ["smile"])
    away = next(group for group in rig.studio.workspace.panel.groups() if group.title == "Put away")
    assert [field.control.name for field in away.fields] == ["age"]
    assert not away._body.isVisible()
    rig.studio.session.mark("hidden", "age")
    assert shown(rig)[1] == ("Style", ["smile", "age"])


def test_randomise_leaves_alone_what_was_put_away(rig: Rig) -> None:
    rig.studio.session.mark("hidden", "age")
    rig.studio.session.randomise()
    values = rig.studio.session.recipe.values
    assert values["age"] == 0.0
    assert values["smile"] != 0.0


def test_a_slider_is_renamed_by_a_double_click_everywhere_and_undoably(rig: Rig, qtbot: QtBot) -> None:
    label = slider(rig, "sefa_0_0").findChild(NameLabel)
    qtbot.mouseDClick(label, Qt.MouseButton.LeftButton)
    box = label.parentWidget().findChild(QLineEdit, "rename")
    box.setText("  Turns   the head ")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert label.text() == "Turns the head"
    group = rig.studio.session.undo_group
    assert group.undoText() == "Rename “sefa_0_0” to “Turns the head”"
    rig.studio.session.edit("sefa_0_0", 1.0)
    assert group.undoText() == "Turns the head +1.00 σ"
    group.undo()
    group.undo()
    assert label.text() == "sefa_0_0"
    group.redo()
    assert label.text() == "Turns the head"
    info, _ = rig.studio.current()
    assert info.control("sefa_0_0").labels == {OWN: "Turns the head"}


def test_escape_gives_a_rename_up(rig: Rig, qtbot: QtBot) -> None:
    label = slider(rig, "smile").findChild(NameLabel)
    label.begin()
    box = label.parentWidget().findChild(QLineEdit, "rename")
    box.setText("Grin")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert label.text() == "Smile"
    assert not rig.studio.session.undo_group.canUndo()


def test_an_empty_name_gives_the_packages_own_back(rig: Rig) -> None:
    rig.studio.session.rename("smile", "Grin")
    rig.studio.session.rename("smile", "  ")
    assert rig.studio.session.marks.names == {}
    assert slider(rig, "smile").findChild(NameLabel).text() == "Smile"


def test_names_and_favourites_are_there_again_at_the_next_start(make_rig: Callable[..., Rig]) -> None:
    first = make_rig(faces())
    first.studio.session.rename("smile", "Grin")
    first.studio.session.mark("favourites", "smile")
    first.studio.scribe.close()
    again = make_rig(faces())
    assert shown(again)[0] == ("Favourites", ["smile"])
    assert slider(again, "smile").findChild(NameLabel).text() == "Grin"


@pytest.mark.expects_log("unreadable")
def test_damaged_names_cost_the_names_not_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"sha256:x": [1]}', encoding="utf-8")
    assert MarkBook(tmp_path, Scribe()).of("sha256:x") == Marks()


def test_a_name_of_ones_own_stands_in_every_language(session: Session, info: PackageInfo) -> None:
    told = named(info, Marks(names={"smile": "Grin"}))
    assert session.words.label(told.control("smile")) == "Grin"
    assert told.control("age") is info.control("age")


def test_the_tool_tip_tells_the_layers_and_a_long_name(rig: Rig) -> None:
    field = slider(rig, "sefa_1_0")
    assert "Moves layers 5 to 8 of the model." in field.toolTip()
    rig.studio.session.rename("sefa_1_0", "A name that is far too long for the panel of this window")
    assert "<p>A name that is far too long" in field.toolTip()


def test_the_menu_of_a_slider_offers_all_that_can_be_done(rig: Rig) -> None:
    rig.studio.session.rename("smile", "Grin")
    menu = slider(rig, "smile").menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == ["Rename…", "Use the model's own name", "Favourite", "Put away", "Filmstrip", "Reset"]
    next(action for action in menu.actions() if action.text() == "Favourite").trigger()
    assert rig.studio.session.marks.favourites == {"smile"}


def test_a_filmstrip_shows_five_pictures_and_a_click_goes_there(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.mark("strips", "smile")
    strip = slider(rig, "smile").strip
    qtbot.waitUntil(lambda: all(not strip.image(place).isNull() for place in range(5)))
    rendered = [what for kind, what in rig.engine.asked if kind == "render"]
    assert [recipe.values["smile"] for recipe in rendered] == [-2.0, -1.0, 0.0, 1.0, 2.0]
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 4, 8))
    assert rig.studio.session.recipe.values["smile"] == 2.0
    rig.studio.session.undo_group.undo()
    assert rig.studio.session.recipe.values["smile"] == 0.0


def test_a_filmstrip_is_remembered_by_recipe_and_not_rendered_again(rig: Rig, qtbot: QtBot) -> None:
    strips = rig.studio.workspace.strips
    rig.studio.session.mark("strips", "smile")
    qtbot.waitUntil(lambda: strips.pending == 0)
    rig.studio.session.edit("age", 1.0)
    qtbot.waitUntil(lambda: strips.pending == 0)
    asked = sum(kind == "render" for kind, _ in rig.engine.asked)
    assert asked == 10
    rig.studio.session.undo_group.undo()
    assert strips.pending == 0


def test_a_drag_stops_the_filmstrip_at_once(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.hold_renders = True
    rig.studio.session.mark("strips", "smile")
    qtbot.waitUntil(lambda: any(kind == "render" for kind, _ in rig.engine.asked))
    number = next(i for i, (kind, _) in enumerate(rig.engine.asked, 1) if kind == "render")
    track = slider(rig, "age").findChild(Track)
    before = len(rig.engine.asked)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=track.rect().center())
    assert rig.engine.asked[before] == ("cancel", number)
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=track.rect().center())


def test_a_picture_that_cannot_be_made_is_not_asked_for_for_ever(rig: Rig, qtbot: QtBot) -> None:
    rig.engine.hold_renders = True
    rig.studio.session.mark("strips", "smile")
    for count in range(1, 6):
        qtbot.waitUntil(lambda count=count: sum(kind == "render" for kind, _ in rig.engine.asked) == count)
        number = max(i for i, (kind, _) in enumerate(rig.engine.asked, 1) if kind == "render")
        rig.engine.say(Failed(number, Problem("model", "No picture.")))
    qtbot.waitUntil(lambda: rig.studio.workspace.strips.pending == 0)


def test_filmstrips_are_rendered_small_where_the_size_is_free(info: PackageInfo) -> None:
    large = info.default_recipe().changed(size=(2048, 1024))
    assert small_recipe(info, large).values["size"] == (192, 96)
    assert small_recipe(info, info.default_recipe()) == info.default_recipe()


def drag(rig: Rig, name: str, qtbot: QtBot, *, release: bool = True) -> None:
    """Take the handle of a slider, move it, and perhaps let go."""
    track = slider(rig, name).findChild(Track)
    at = track.rect().center()
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(track, at + QPoint(20, 0))
    qtbot.mouseMove(track, at + QPoint(30, 0))
    if release:
        qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at + QPoint(30, 0))


def test_while_dragging_drafts_are_shown_and_marked_without_a_jump(rig: Rig, qtbot: QtBot) -> None:
    stage = rig.studio.workspace.stage
    before = stage.canvas._view.target()
    drag(rig, "smile", qtbot, release=False)
    qtbot.waitUntil(lambda: stage.canvas.draft)
    assert [kind for kind, _ in rig.engine.asked[-2:]] == ["draft", "draft"]
    assert stage.badges.draft.words() == "Draft · 16 px"
    assert stage.canvas._view.target() == before
    assert rig.studio.window.status.texts()[1] == "64 × 32 px"
    rig.studio.actions["copy_image"].trigger()
    assert "draft" in stage.toast.words()


def test_the_release_asks_for_the_real_picture(rig: Rig, qtbot: QtBot) -> None:
    drag(rig, "smile", qtbot)
    kind, recipe = rig.engine.asked[-1]
    assert kind == "preview"
    assert recipe == rig.studio.session.recipe
    stage = rig.studio.workspace.stage
    qtbot.waitUntil(lambda: not stage.busy.busy and not stage.canvas.draft)
    assert stage.badges.draft.words() == ""


def test_a_package_without_drafts_is_never_asked_for_one(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    rig = make_rig(replace(faces(), drafts=False))
    drag(rig, "smile", qtbot)
    assert "draft" not in {kind for kind, _ in rig.engine.asked}
    assert sum(kind == "preview" for kind, _ in rig.engine.asked) == 3  # the first picture and one for each move


def test_how_far_out_a_picture_is_and_the_way_back(rig: Rig, qtbot: QtBot) -> None:
    badges, status = rig.studio.workspace.stage.badges, rig.studio.window.status
    rig.engine.distance = 0.6
    rig.studio.session.edit("smile", 1.0)
    qtbot.waitUntil(lambda: status._place.text() == "Usual")
    assert badges.place.words() == ""
    rig.engine.distance = 1.8
    rig.studio.session.edit("smile", 3.0)
    qtbot.waitUntil(lambda: badges.place.words() == "Far out")
    assert "99 of 100" in badges.place.toolTip()
    rig.engine.distance = 0.9
    qtbot.mouseClick(badges.place.button, Qt.MouseButton.LeftButton)
    values = rig.studio.session.recipe.values
    assert (values["smile"], values["psi"]) == (1.5, 0.5)
    assert rig.studio.session.undo_group.undoText() == "Bring back"
    qtbot.waitUntil(lambda: badges.place.words() == "")


def test_the_words_for_distances() -> None:
    assert [place_of(distance) for distance in (0.2, 1.0, 1.2, 2.0)] == [Place.USUAL, Place.USUAL, Place.UNUSUAL,
                                                                         Place.FAR]


def test_a_long_list_of_classes_can_be_searched(make_rig: Callable[..., Rig], qtbot: QtBot) -> None:
    kinds = Control("kind", ControlKind.CHOICE, "Kind", "0", "Picture",
                    choices=tuple(Choice(str(i), f"animal {i}") for i in range(1000)))
    rig = make_rig(replace(faces(), controls=(*faces().controls, kinds)))
    drop = rig.studio.workspace.panel.field("kind").findChild(QComboBox)
    drop.completer().setCompletionPrefix("MAL 77")
    assert drop.completer().completionCount() == 11
    drop.completer().activated.emit("animal 777")
    qtbot.waitUntil(lambda: rig.studio.session.recipe.values["kind"] == "777")
    drop.lineEdit().setText("no such beast")
    drop.lineEdit().editingFinished.emit()
    assert drop.currentText() == "animal 777"


def test_a_strip_keeps_its_old_picture_until_the_new_one_comes(rig: Rig, qtbot: QtBot) -> None:
    rig.studio.session.mark("strips", "smile")
    strip = slider(rig, "smile").strip
    qtbot.waitUntil(lambda: rig.studio.workspace.strips.pending == 0)
    old = strip.image(0)
    strip.show_image(0, QImage())
    assert strip.image(0) == old
    assert strip._fresh == [False, True, True, True, True]
