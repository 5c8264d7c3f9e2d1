"""The engine's English sentences in the language of the screen: one catalogue of templates, looked up where one reads.

The engine, the families and the converter tell what happened in English, on the command line and in the studio alike.
A catalogue has these sentences as they stand in their code, `{0}`, `{1}` ... in place of what is put in: “{0}” is not a
file. What is put in is looked up too, unless it stands in quotation marks: then it is somebody's name. A test holds the
catalogue against every sentence of the code.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTranslator

CONTEXTS = frozenset({"Controls", "Import", "Told"})
"""Where sentences of the engine are asked for; everything else is the studio's own and in the .ts files."""
PLACE = re.compile(r"\{(?:\d+|allowed|error|output|spent|steps)\}")
_PLACES = re.compile(rf"((?:{PLACE.pattern})+)")
_ENDS = re.compile(r"(?<=[.?!])\s+(?=[A-Z“`])")
_PHRASE = re.compile(r"[a-z],? [a-z]")
_NAMES = re.compile(r"“[^”]*”")
_LISTS = {", ": "、", "; ": "；"}
_DEEPEST = 8
_FEW = 3
_REMEMBERED = 2000


@dataclass(frozen=True)
class _Template:
    pattern: re.Pattern[str]
    places: tuple[str, ...]
    quoted: tuple[bool, ...]
    needle: str                            # its longest words: most templates are ruled out by looking for them
    words: str

    @classmethod
    def of(cls, source: str, words: str) -> _Template:
        """`source` as a pattern. Places side by side cannot be told apart: they are one, named by the first."""
        pieces = _PLACES.split(source)
        literal, runs = pieces[::2], pieces[1::2]
        # With hardly a word of its own a template must not take half a sentence for what is put in.
        part = "((?:\\S|, )*?)" if _is_vague(source) else "(.*?)"
        quoted = tuple(before.endswith("“") and after.startswith("”")
                       for before, after in itertools.pairwise(literal))
        pattern = re.escape(literal[0]) + "".join(
            f"{'([^”]*)' if name else part}{re.escape(text)}" for name, text in zip(quoted, literal[1:], strict=True))
        first = tuple(PLACE.findall(run)[0] for run in runs)
        for run in runs:
            for place in PLACE.findall(run)[1:]:
                words = words.replace(place, "")
        return cls(re.compile(pattern, re.DOTALL), first, quoted, max(literal, key=len), words)


class Sentences:
    """A catalogue: English sentences and templates with their translations."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        """`catalogue` from English to another language."""
        self._whole = {source: words for source, words in catalogue.items() if not PLACE.search(source)}
        open_ones = [source for source in catalogue if PLACE.search(source)]
        # The template with most words of its own is the one that was meant.
        open_ones.sort(key=lambda source: len(PLACE.sub("", source)), reverse=True)
        made = [(source, _Template.of(source, catalogue[source])) for source in open_ones]
        self._closed = [template for source, template in made if not _is_open(source)]
        self._open = [template for source, template in made if _is_open(source)]
        # Phrases that begin with a space or a comma stand at the end of others.
        self._tails = sorted({PLACE.split(source)[0] for source in catalogue if source[0] in " ,:"},
                             key=len, reverse=True)
        self._said: dict[str, str | None] = {}

    @classmethod
    def read(cls, path: Path) -> Sentences:
        """The catalogue in a JSON file; an empty one where there is none."""
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

    def say(self, text: str) -> str | None:
        """`text` in the other language; None when nothing of it is known."""
        if text not in self._said:
            if len(self._said) >= _REMEMBERED:
                self._said.clear()
            self._said[text] = self._say(text, 0)
        return self._said[text]

    def _say(self, text: str, depth: int) -> str | None:
        """The surest way first: what swallows or breaks a sentence comes after what knows it whole."""
        if depth > _DEEPEST or not text:
            return None
        for way in (self._closed_one, self._in_a_row, self._with_tail, self._open_one, self._at_all, self._partly):
            found = way(text, depth)
            if found is not None:
                return found
        return None

    def _closed_one(self, text: str, depth: int) -> str | None:
        """One sentence or phrase of the catalogue that ends as this text ends."""
        whole = self._whole.get(text)
        return whole if whole is not None else self._fitting(self._closed, text, depth)[0]

    def _open_one(self, text: str, depth: int) -> str | None:
        """One of those that end with what is put in: they would swallow whatever comes after."""
        return self._fitting(self._open, text, depth)[0]

    def _at_all(self, text: str, depth: int) -> str | None:
        """A template that fits, around something that nobody knows: a word of the system, for example."""
        return self._fitting(self._closed, text, depth)[1] or self._fitting(self._open, text, depth)[1]

    def _fitting(self, templates: list[_Template], text: str, depth: int) -> tuple[str | None, str | None]:
        """The first template that fits and whose parts are known too, or are names; and the first that fits at all."""
        first = None
        for template in templates:
            match = template.pattern.fullmatch(text) if template.needle in text else None
            if match is not None:
                words, known = self._filled(template, match.groups(), depth)
                first = first or words
                if known:
                    return words, first
        return None, first

    def _filled(self, template: _Template, values: tuple[str, ...], depth: int) -> tuple[str, bool]:
        filled, known = {}, True
        for place, value, quoted in zip(template.places, values, template.quoted, strict=True):
            said = None if quoted else self._part(value, depth + 1)
            filled[place] = value if said is None else said
            known = known and (quoted or said is not None or _PHRASE.search(value) is None)
        return PLACE.sub(lambda place: filled.get(place[0], ""), template.words), known

    def _part(self, value: str, depth: int) -> str | None:
        """What was put in: a phrase as it is, after a space, or at the head of a sentence with a capital letter."""
        return (self._say(value, depth) or self._say(value.lstrip(), depth)
                or self._say(value[:1].lower() + value[1:], depth))

    def _in_a_row(self, text: str, depth: int) -> str | None:
        """Two sentences or more, each of them known."""
        for end in _ENDS.finditer(text):
            right = self._say(text[end.end():], depth + 1) or self._say(text[end.start():], depth + 1)
            left = None if right is None else self._say(text[:end.start()], depth + 1)
            if left is not None:
                return f"{left}{right}"
        return None

    def _with_tail(self, text: str, depth: int) -> str | None:
        """A sentence with another phrase at its end: “... while it was starting”; or without its full stop."""
        if text.endswith("."):
            bare = self._say(text[:-1], depth + 1)
            return None if bare is None or _PHRASE.search(_NAMES.sub("", bare)) else f"{bare}。"
        for tail in self._tails:
            cut = text.rfind(tail, 1)
            if cut > 0:
                name = None if _PHRASE.search(text[:cut]) else text[:cut]
                left, right = self._say(text[:cut], depth + 1) or name, self._say(text[cut:], depth + 1)
                if left is not None and right is not None:
                    return left + right
        return None

    def _partly(self, text: str, depth: int) -> str | None:
        """Sentences or parts of a list of which some are known."""
        for parts, mark in ((_ENDS.split(text), ""), *((text.split(comma), mark) for comma, mark in _LISTS.items())):
            said = [self._closed_one(part, depth + 1) for part in parts] if len(parts) > 1 else []
            if any(said):
                return (mark or " ").join(words or part for part, words in zip(parts, said, strict=True))
        return None


def _letters(source: str) -> int:
    return sum(letter.isalpha() for letter in PLACE.sub("", source))


def _is_vague(source: str) -> bool:
    return "“" not in source and _letters(source) < _FEW


def _is_open(source: str) -> bool:
    """Whether a template ends with a place, or has too few words to be sure of it."""
    return source.endswith("}") or _letters(source) < _FEW


class SentenceTranslator(QTranslator):
    """A catalogue of sentences as a translator of Qt, so that they are asked for like everything else."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        """`path` is the JSON file; it is read when the first sentence is asked for."""
        super().__init__(parent)
        self._path = path
        self._sentences: Sentences | None = None

    def isEmpty(self) -> bool:
        """Never: an empty translator would not be asked."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None,
                  number: int = -1) -> str:
        """`source` in the language of the catalogue, or as it is: this translator is asked last."""
        del disambiguation, number
        if context not in CONTEXTS:
            return source
        if self._sentences is None:
            self._sentences = Sentences.read(self._path)
        return self._sentences.say(source) or source
