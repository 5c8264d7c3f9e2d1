"""A note that all pictures share is said once and counted."""

import pytest

from engine.cli.console import Console
from engine.cli.remarks import Remarks


def test_a_shared_note_is_said_once_and_counted(capsys: pytest.CaptureFixture[str]):
    remarks = Remarks(Console())
    for name in ("a", "b", "c"):
        remarks.tell(name, "no letter Ä.")
    remarks.tell("b", "nearly blank.")
    remarks.close()
    assert capsys.readouterr().err.splitlines() == [
        "atelier: note: a: no letter Ä.", "atelier: note: b: nearly blank.",
        "atelier: note: the same for 2 more: no letter Ä."]
