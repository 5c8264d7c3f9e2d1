"""Every library that ships has a licence that lets us pass it on, and is named in THIRD_PARTY.md."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from tests.law import ROOT

ALLOWED = ("MIT", "BSD", "Apache", "LGPL-3.0", "MPL-2.0", "HPND", "PSF", "ISC")
LEFT_OUT = ("huggingface-hub",)  # of what tokenizers asks for: nothing of ours imports it, and the build leaves it out
NAMES_IN_NOTICES = {"pyside6-essentials": "PySide6-Essentials", "shiboken6": "shiboken6", "onnxruntime": "ONNX Runtime",
                    "numpy": "NumPy", "pillow": "Pillow"}


def shipped() -> set[str]:
    """Our own dependencies and theirs, the `cpu` runtime included; lower case."""
    found: set[str] = set()
    todo = [("latent-atelier", "cpu")]
    while todo:
        name, extra = todo.pop()
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
            if wanted and requirement.name.lower() not in (*found, *LEFT_OUT):
                found.add(requirement.name.lower())
                todo.append((requirement.name, ""))
    return found


def licence_of(name: str) -> str:
    """What the distribution says of its own licence, in any of the three places where it may."""
    facts = metadata.metadata(name)
    classifiers = [text for text in facts.get_all("Classifier") or () if text.startswith("License")]
    return " ".join([facts.get("License-Expression") or "", (facts.get("License") or "")[:200], *classifiers])


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_library_may_be_passed_on(name: str) -> None:
    told = licence_of(name)
    assert re.search(rf"\b({'|'.join(map(re.escape, ALLOWED))})\b", told, re.IGNORECASE), told


def test_the_notices_name_what_we_ask_for() -> None:
    notices = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    direct = [Requirement(text) for text in metadata.requires("latent-atelier") or ()]
    asked = {r.name.lower() for r in direct if r.marker is None or r.marker.evaluate({"extra": "cpu"})}
    missing = [name for name in asked if NAMES_IN_NOTICES.get(name, name) not in notices]
    assert not missing
