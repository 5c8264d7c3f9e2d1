"""What is printed: harmless text, one JSON document, and nothing where there is no stream."""

import io
import json

import pytest

from engine.cli.console import Console, plain, table

PROBLEM = {"code": "file", "what": "The disk is full.", "remedy": "Free some space.", "subject": "/a", "exit_code": 2}


def console(*, as_json: bool = False, encoding: str = "utf-8") -> tuple[Console, io.BytesIO, io.BytesIO]:
    out, err = io.BytesIO(), io.BytesIO()
    made = Console(as_json=as_json, out=io.TextIOWrapper(out, encoding=encoding, write_through=True),
                   err=io.TextIOWrapper(err, encoding=encoding, write_through=True))
    return made, out, err


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b31m", "a\rb", "a\nb", "\u202egnp.exe", "\x07", "\x7f", "\u2066x"])
def test_text_from_a_package_cannot_steer_the_terminal(evil: str):
    shown = plain(evil)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066" for c in shown)


def test_plain_keeps_letters_of_every_script():
    assert plain("字重 Größe 🙂") == "字重 Größe 🙂"


def test_table_aligns_all_columns_but_the_last():
    assert table([("a", "bb", "c"), ("aaa", "b", "cc c")]) == ["a    bb  c", "aaa  b   cc c"]
    assert table([]) == []


def test_a_terminal_gets_its_last_column_wrapped():
    lines = table([("a", "one two three four five six"), ("b", "")], width=28)
    assert lines == ["a  one two three four five", "   six", "b"]


def test_with_json_stdout_holds_the_document_and_nothing_else():
    made, out, err = console(as_json=True)
    made.line("for people")
    made.note("careful")
    made.document({"name": "字"})
    assert json.loads(out.getvalue()) == {"name": "字"}
    assert err.getvalue() == b"atelier: note: careful\n"


def test_without_json_no_document_is_printed():
    made, out, _ = console()
    made.line("for people")
    made.document({"name": "x"})
    assert out.getvalue() == b"for people\n"


def test_a_problem_is_one_sentence_on_stderr_and_a_document_with_json():
    made, out, err = console(as_json=True)
    made.problem(PROBLEM)
    assert err.getvalue() == b"atelier: The disk is full. Free some space.\n"
    document = json.loads(out.getvalue())
    assert document["exit_code"] == 2
    assert document["problem"] == {"code": "file", "what": "The disk is full.", "remedy": "Free some space.",
                                   "subject": "/a"}


def test_a_problem_without_json_leaves_stdout_empty():
    made, out, err = console()
    made.problem(PROBLEM | {"remedy": ""})
    assert out.getvalue() == b""
    assert err.getvalue() == b"atelier: The disk is full.\n"


def test_an_old_code_page_prints_escapes_instead_of_failing():
    made, out, _ = console(encoding="ascii")
    made.line("字")
    assert out.getvalue() == b"\\u5b57\n"
    made, out, _ = console(as_json=True, encoding="ascii")
    made.document({"name": "字"})
    assert json.loads(out.getvalue()) == {"name": "字"}


def test_a_program_without_streams_stays_silent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    made = Console()
    made.line("x")
    made.problem(PROBLEM)
    assert not made.terminal
