"""Reads a font's licence from its own name table, or from the copyright file of its Debian package."""

from __future__ import annotations

import re
from typing import Final, Literal

Licence = Literal["OFL-1.1", "Apache-2.0", "Bitstream-Vera", "MIT", "public-domain"]

_PATTERNS: Final[tuple[tuple[Licence, str], ...]] = (
    ("OFL-1.1", r"open font licen[sc]e|scripts\.sil\.org/ofl|openfontlicense\.org|\bofl\b"),
    ("Apache-2.0", r"apache licen[sc]e|apache\.org/licenses|licensed under apache|\bapache[- ]2"),
    ("Bitstream-Vera", r"bitstream vera is a trademark|vera license|dejavu(?:-fonts)?\.\S*wiki\S*licen[sc]e"),
    ("MIT", r"\bmit licen[sc]e|licen[sc]es/mit|\bexpat\b|permission is hereby granted, free of charge"),
    ("public-domain", r"public domain|publicdomain/zero|\bcc0\b|creative commons zero"),
)
_OTHER_TERMS: Final = re.compile(
    r"general public|\bl?gpl\b|\bgnu\b|lppl|latex project|gust font|redistribution and use in source|"
    r"non-?commercial|personal use|personal, non|no modification|creative commons (?!zero)|cc[- ]by",
)
_STANZA: Final = re.compile(r"(?ims)^files:(?P<files>.*?)^licen[sc]e:(?P<licence>[^\n]*)")


def classify(text: str) -> Licence | None:
    """Which allowed licence this text names, or None when it names none (then the font is left out)."""
    lowered = " ".join(text.lower().split())
    if states_other_terms(text):
        return None
    for licence, pattern in _PATTERNS:
        if re.search(pattern, lowered):
            return licence
    return None


def states_other_terms(text: str) -> bool:
    """Whether a font names terms we do not accept and does not offer the OFL beside them (dual licences do)."""
    lowered = " ".join(text.lower().split())
    return bool(_OTHER_TERMS.search(lowered)) and not re.search(_PATTERNS[0][1], lowered)


def classify_package(copyright_text: str) -> Licence | None:
    """The licence of the `Files: *` stanza of a Debian copyright file, or None when unclear or not allowed.

    Only the machine-readable format is trusted: free prose mentions too many licences at once.
    """
    for stanza in _STANZA.finditer(copyright_text):
        if "*" in stanza["files"].split("\n")[0].split():
            return classify(_spelled(stanza["licence"]))
    return None


def _spelled(short: str) -> str:
    """Debian's short names in words that `classify` knows; other names stay as they are."""
    name = short.strip().lower()
    if "gpl" in name and " or " not in name:
        return "gpl"
    if name.startswith(("ofl", "sil")):
        return "open font license"
    return name
