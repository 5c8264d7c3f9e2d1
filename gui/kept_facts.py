"""What is known of a kept result, in words for the person: model, seed, prompt, size, when, where."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale
from PySide6.QtGui import QIcon

from engine.library.records import Entry
from gui.marking import QT_TRANSLATE_NOOP
from gui.properties import Words
from gui.widgets.amounts import size
from gui.widgets.kept_details import Details, Face

CONTEXT = "KeptFacts"
MODEL, SEED, PROMPT, TEXT, PIXELS, WHEN, FILE, WHERE = (
    QT_TRANSLATE_NOOP("KeptFacts", "Model"), QT_TRANSLATE_NOOP("KeptFacts", "Seed"),
    QT_TRANSLATE_NOOP("KeptFacts", "Prompt"), QT_TRANSLATE_NOOP("KeptFacts", "Text"),
    QT_TRANSLATE_NOOP("KeptFacts", "Size"), QT_TRANSLATE_NOOP("KeptFacts", "Kept"),
    QT_TRANSLATE_NOOP("KeptFacts", "File"), QT_TRANSLATE_NOOP("KeptFacts", "Folder"),
)
PAIR = 2


def face_of(entry: Entry, icon: QIcon) -> Face:
    """What an entry looks like."""
    return Face(entry.id, entry.path.name, icon, entry.texts, entry.colors)


def details_of(entry: Entry, icon: QIcon, words: Words) -> Details:
    """All of it, in the language of `words`."""
    facts = tuple((QCoreApplication.translate(CONTEXT, what), said) for what, said in _facts(entry, words) if said)
    return Details(face_of(entry, icon), facts, entry.rating, entry.tags, entry.missing)


def _facts(entry: Entry, words: Words) -> Iterator[tuple[str, str]]:
    values = entry.recipe.values
    yield MODEL, entry.package_name or entry.recipe.package
    for what, name in ((PROMPT, "prompt"), (TEXT, "text"), (SEED, "seed")):
        yield what, str(values.get(name, ""))
    yield PIXELS, _pixels(values.get("size"))
    yield WHEN, _moment(entry, words)
    yield FILE, _bytes(entry)
    yield WHERE, str(entry.path.parent)


def _pixels(value: object) -> str:
    """The size that was asked for, where the recipe says one."""
    return f"{value[0]} × {value[1]} px" if isinstance(value, tuple | list) and len(value) == PAIR else ""


def _moment(entry: Entry, words: Words) -> str:
    """When it was kept, as one writes it here, in the time of this place."""
    moment = QDateTime.fromSecsSinceEpoch(int(entry.kept.timestamp()))
    return QLocale(words.locale).toString(moment, QLocale.FormatType.ShortFormat)


def _bytes(entry: Entry) -> str:
    """How large the file is; nothing while it is gone."""
    try:
        return size(entry.path.stat().st_size)
    except OSError:
        return ""
