"""The guards of `conftest.py` can fail: each planted offence is caught, each declared one is let through."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def trial(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty test folder that lives under the same conftest and the same settings."""
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pyproject = CONFTEST.parents[1] / "pyproject.toml"
    settings = pyproject.read_text(encoding="utf-8").replace('"-p", "pytester"', '"-p", "no:cacheprovider"')
    pytester.makepyprojecttoml(settings)
    return pytester


def outcome(trial: pytest.Pytester, source: str) -> tuple[dict[str, int], str]:
    """Run one test file in a process of its own: counts by outcome, and the text."""
    trial.makepyfile(source)
    result = trial.runpytest_subprocess(".", "--no-header")
    return result.parseoutcomes(), result.stdout.str()


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        ("import logging\ndef test(): logging.getLogger('x').warning('loose end')", "unexpected log record: loose end"),
        ("import warnings\ndef test(): warnings.warn('old', DeprecationWarning)", "DeprecationWarning: old"),
        ("import socket\ndef test(): socket.socket().connect(('127.0.0.1', 9))", "reached for the network"),
        ("from PySide6.QtCore import qWarning\ndef test(qapp): qWarning('qt is unhappy')", "qt is unhappy"),
        ("import pytest\n@pytest.mark.expects_log('never')\ndef test(): pass", "expected log record never came: never"),
        ("import pytest\n@pytest.mark.misspelt\ndef test(): pass", "misspelt"),
    ],
    ids=["log record", "warning", "network", "qt message", "declared but silent", "unknown marker"],
)
def test_an_offence_is_caught(trial: pytest.Pytester, offence: str, words: str) -> None:
    counts, text = outcome(trial, offence)
    assert counts.get("passed", 0) == 0
    assert words in text


def test_a_child_left_running_is_caught(trial: pytest.Pytester) -> None:
    counts, text = outcome(trial, """
        import subprocess, sys
        def test(): globals()['kept'] = subprocess.Popen(
            [sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)
    """)
    assert counts.get("errors") == 1
    assert "child processes left running" in text


def test_a_declared_record_passes(trial: pytest.Pytester) -> None:
    counts, _ = outcome(trial, """
        import logging, pytest
        @pytest.mark.expects_log('engine .* ended')
        def test(): logging.getLogger('x').error('engine 7 ended')
    """)
    assert counts == {"passed": 1}


def test_every_test_has_a_home_of_its_own(trial: pytest.Pytester) -> None:
    counts, _ = outcome(trial, """
        import os, pathlib
        seen = set()
        def look():
            home = pathlib.Path(os.environ['LATENT_ATELIER_HOME'])
            assert home.is_dir() and not list(home.iterdir()) and home not in seen
            seen.add(home); (home / 'left').touch()
        def test_one(): look()
        def test_two(): look()
    """)
    assert counts == {"passed": 2}


def test_what_is_not_asked_for_is_skipped_with_a_reason(trial: pytest.Pytester) -> None:
    counts, text = outcome(trial, """
        import pytest
        @pytest.mark.packaged
        def test(): raise AssertionError
    """)
    assert counts == {"skipped": 1}
    assert "pytest -m packaged" in text
