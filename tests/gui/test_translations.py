"""Every word a person can see is translated, and the compiled files are those of the sources."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from engine.families.decoder_controls import controls_of
from engine.packages.manifest import read_manifest
from engine.paths import bundled_packages_folder, resources_folder
from gui.language import SUPPORTED, Language, locale_of
from gui.settings import BY_KEY, SETTINGS

FOLDER = resources_folder() / "translations"
PLACE = re.compile(r"\{[^}]*\}|%n")


def contexts(path: Path) -> list[ET.Element]:
    return ET.parse(path).getroot().findall("context")  # noqa: S314 - our own file


def messages(locale: str) -> list[tuple[str, str, list[str]]]:
    """Context, source and translations of every message in a .ts file."""
    found = []
    for context in contexts(FOLDER / f"atelier_{locale}.ts"):
        for message in context.findall("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            found.append((context.findtext("name"), message.findtext("source"), forms))
    return found


def tool(name: str) -> Path:
    return Path(sys.executable).parent / (f"pyside6-{name}.exe" if sys.platform == "win32" else f"pyside6-{name}")


@pytest.fixture
def chinese(qapp: QApplication):
    language = Language(FOLDER)
    language.speak("zh_CN")
    yield language
    language.speak("en")


def test_every_message_has_a_chinese_translation_with_the_same_places() -> None:
    faults = [f"{context}: {source}" for context, source, forms in messages("zh_CN") for form in forms
              if not form or sorted(PLACE.findall(form)) != sorted(PLACE.findall(source))]
    assert faults == []


def test_the_sources_list_exactly_the_words_of_the_code(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    subprocess.run([tool("lupdate"), "-extensions", "py", str(Path(__file__).parents[2] / "gui"), "-ts", fresh,
                    "-source-language", "en_US", "-target-language", "zh_CN", "-no-obsolete", "-locations", "none"],
                   check=True, capture_output=True, timeout=60)
    listed = {(context.findtext("name"), message.findtext("source"))
              for context in contexts(fresh) for message in context.findall("message")}
    assert listed == {(context, source) for context, source, _ in messages("zh_CN")}


@pytest.mark.parametrize("locale", SUPPORTED)
def test_the_compiled_file_is_that_of_its_source(locale: str, tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    subprocess.run([tool("lrelease"), FOLDER / f"atelier_{locale}.ts", "-qm", made, "-silent"], check=True, timeout=60)
    assert made.read_bytes() == (FOLDER / f"atelier_{locale}.qm").read_bytes()


def test_chinese_is_spoken_by_us_and_by_qt(chinese: Language) -> None:
    assert QCoreApplication.translate("Commands", "Keep") == "保留"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("Amounts", "%n picture(s)", None, 3) == "3 张图片"


def test_english_plurals_are_english(qapp: QApplication) -> None:
    Language(FOLDER).speak("en")
    told = [QCoreApplication.translate("Amounts", "%n picture(s)", None, count) for count in (1, 2)]
    assert told == ["1 picture", "2 pictures"]


def test_every_setting_of_the_dialog_is_translated(chinese: Language) -> None:
    labels = [setting.label for setting in SETTINGS if setting.label]
    assert [label for label in labels if QCoreApplication.translate("Settings", label) == label] == []
    assert set(BY_KEY["language"].choices) == {"system", *SUPPORTED}


def test_the_words_of_the_starter_package_are_translated(chinese: Language) -> None:
    manifest = read_manifest(bundled_packages_folder() / "glyphs").manifest
    missing = []
    for control in controls_of(manifest):
        words = [control.group, control.help, control.low, control.high]
        missing += [word for word in words if word and QCoreApplication.translate("Controls", word) == word]
        missing += [item.label for item in (control, *control.choices)
                    if "zh_CN" not in item.labels and not re.fullmatch(r"\S|\d+.", item.label)]
    assert missing == []


def test_any_chinese_system_gets_chinese_and_others_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert locale_of("zh_CN") == "zh_CN"
    assert locale_of("en") == "en"
    assert locale_of("system") in SUPPORTED
