"""What the engine tells is Chinese on a Chinese screen: every sentence of its code, and how they are put together."""

from __future__ import annotations

import json
import re

import pytest
from PySide6.QtCore import QCoreApplication

from engine.api import Control, ControlKind
from engine.control_values import refused
from engine.errors import FileProblem
from engine.outcome import Outcome, Reason
from engine.paths import resources_folder
from gui.language import Language
from gui.properties import told
from gui.sentences import PLACE, Sentences
from tests.gui.said import is_sentence, sentences

FOLDER = resources_folder() / "translations"
CATALOGUE: dict[str, str] = json.loads((FOLDER / "told_zh_CN.json").read_text(encoding="utf-8"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def speaker(qapp: object):
    language = Language(FOLDER)
    language.speak("zh_CN")
    yield language
    language.speak("en")


def test_every_sentence_of_the_engine_has_a_chinese_one() -> None:
    """A new sentence? Add it to resources/translations/told_zh_CN.json, or to unseen.json when nobody reads it."""
    missing = [f"{place}: {words}" for words, place in sentences().items() if words not in CATALOGUE]
    assert missing == []


def test_the_catalogue_is_in_order_and_keeps_what_is_put_in() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    faults = []
    for source, words in CATALOGUE.items():
        # A place after another one goes with it; one after a letter is the s of a plural, which Chinese does not have.
        dropped = {match[0] for match in PLACE.finditer(source) if re.match(r"[a-z}]", source[match.start() - 1:])}
        wanted, found = set(PLACE.findall(source)), set(PLACE.findall(words))
        if not wanted - dropped <= found <= wanted:
            faults.append(source)
    assert faults == []


def test_what_is_chinese_is_not_english() -> None:
    english = [source for source, words in CATALOGUE.items()
               if is_sentence(source) and not CHINESE.search(words) and words != source and re.search("[a-z]", words)]
    assert english == []


def test_every_template_is_found_by_its_own_sentence() -> None:
    """None is taken for another one that has more words of its own."""
    say, faults = Sentences(CATALOGUE).say, []
    for source, words in CATALOGUE.items():
        if "}{" in PLACE.sub("{}", source):
            continue                       # places side by side are one
        filled = PLACE.sub(lambda place: f"⟪{place[0][1:-1]}⟫", source)
        if say(filled) != PLACE.sub(lambda place: f"⟪{place[0][1:-1]}⟫", words):
            faults.append((source, say(filled)))
    assert faults == []


def test_what_a_person_called_something_stays_as_it_is(speaker: Language) -> None:
    error = FileProblem("“Choose a folder.” was not found.", "Check the name, or create the folder first.")
    assert told(error.what) == "找不到“Choose a folder.”。"
    assert told(error.problem().sentence()) == "找不到“Choose a folder.”。请检查名称，或先创建该文件夹。"


def test_phrases_inside_of_sentences_are_told_too(speaker: Language) -> None:
    steps = Control("steps", ControlKind.SLIDER, "Steps", 4.0, minimum=1, maximum=50, step=1)
    problem = refused(steps, "many").problem()
    assert told(problem.what) == "“steps”不能是“many”。"
    assert told(problem.remedy) == "允许的是：1 到 50 的整数。"


def test_what_is_wrong_with_a_file_is_told_with_its_name(speaker: Language) -> None:
    page = "“page.pt” is a web page, not a model: the download needed a sign-in, or its address is out of date."
    assert told(page) == "“page.pt”是网页，不是模型：下载需要登录，或地址已失效。"
    assert told("“runs” is a folder, but not one of a model.") == "“runs”是文件夹，但不是模型文件夹。"
    assert told("End it in .png, .jpg or .webp.") == "请以 .png, .jpg 或 .webp 结尾。"


def test_a_row_of_a_table_is_told_with_its_column(speaker: Language) -> None:
    assert told("Row 3 (line 4) of “a.csv”, column “weight”: “weight” cannot be “x”.") == (
        "“a.csv”第 3 行（文件第 4 行），列“weight”：“weight”不能是“x”。")
    assert told("The package “glyphs” was set aside, because it ended the engine twice.") == (
        "模型包“glyphs”因两次使引擎中断而被搁置。")


def test_how_a_file_was_recognised_is_told(speaker: Language) -> None:
    heads = "`fc21` and `fc22` give mean and log variance of 12 numbers"
    assert told(heads) == "`fc21`和 `fc22` 给出 12 个数的均值和对数方差"
    assert told("Stable Diffusion 1.x, text to picture, 512 × 512, for filling in parts of a picture") == (
        "Stable Diffusion 1.x，文字生成图片，512 × 512，用于局部重绘")


def test_what_the_system_says_stays_inside_of_our_sentence(speaker: Language) -> None:
    assert told("The converter could not be started: No such file or directory.") == (
        "无法启动转换程序：No such file or directory。")


def test_the_end_of_an_engine_is_told(speaker: Language) -> None:
    ended = Outcome(Reason.ENDED, -11, "run", 7, "“glyphs”, seed 7", stderr=("Weights are missing.",)).sentence()
    assert told(ended).startswith("引擎被 SIGSEGV（内存错误）中止（正在渲染“glyphs”，种子 7时）。")
    assert told(ended).endswith("最后的信息：Weights are missing。")
    assert told(Outcome(Reason.SILENT, None, "load", 1, "the package “glyphs”", 30.0).sentence()) == (
        "引擎已有 30 秒没有响应，已被终止（正在打开模型包“glyphs”时）。")


def test_what_nobody_knows_stays_and_the_rest_is_told(speaker: Language) -> None:
    assert told("Rate of fire") == "Rate of fire"
    assert told("The bird has flown. Choose another folder.") == "The bird has flown. 请选择其他文件夹。"


def test_english_stays_english(qapp: object) -> None:
    Language(FOLDER).speak("en")
    assert told("Choose a folder.") == "Choose a folder."
    assert QCoreApplication.translate("Commands", "Keep") == "Keep"
