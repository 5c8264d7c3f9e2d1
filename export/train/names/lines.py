"""Lines to learn from: names of colours from a free list; names, slogans and headlines from templates of our own."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from export.train.names import words as w

MARKS: Final = {"color": "<color>", "name": "<name>", "slogan": "<slogan>", "headline": "<headline>"}
END: Final = "<eos>"
_COUNTS: Final = {"name": 14000, "slogan": 9000, "headline": 9000}
_UNKIND: Final = re.compile(
    r"sex|fuck|shit|nazi|bitch|whore|slut|damn|crap|piss|penis|boob|rape|kill|murder|blood|corpse|suicide|cocaine|"
    r"heroin|weed|cannabis|vomit|puke|poop|diarrh|urine|snot|booger|barf|turd|fart|phlegm|mucus|redneck|gypsy|negro|"
    r"indian red|squaw|eskimo|oriental|hooker|stripper|devil|satan|drunk|hitler|terror|bomb|death|dead|\bass\b|"
    r"\barse", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[A-Z][A-Za-z' &-]{2,25}")

SLOGANS: Final = (
    "Made for {quality} {times}.", "{Gain} you can hold.", "{Things}, made {quality}.", "The {quality} way to {deed}.",
    "{Deed} more. Worry less.", "A little {gain} every day.", "For {people} and other {people2}.",
    "{Gain} for all {times}.",
    "Where {gain} begins.", "{Deed} like nobody is watching.", "Born {quality}. Built to last.",
    "Less noise, more {gain}.",
    "{Things} with {gain}.", "Your {quality} place to {deed}.", "Good {things} take time.", "Come in and {deed}.",
    "{Quality} by nature.", "{Quality} {things} for {quality2} {times}.", "Life is better with {gain}.",
    "{Deed} with {gain}.",
    "From our {noun} to your table.", "As {quality} as {times} should be.", "{Gain} is in the details.",
    "{Things} for people who {deed}.", "Start {quality}, stay {quality2}.", "{Deed}. {Deed2}. Repeat.",
    "Simply {quality}.",
    "The art of {quality} {things}.", "Small {things}, big {gain}.", "Feel the {noun}. Find the {gain}.",
    "Wherever you {deed}.", "Because {times} matter.", "{Gain}, by the {noun}.", "Every {noun} has a story.",
    "Let your {things} do the talking.", "Come for the {things}, stay for the {gain}.", "{Quality} is a state of mind.",
    "Take the {quality} road.", "{Things} that age well.", "Room to {deed}.", "Hello, {gain}.", "{Deed} slowly.",
    "Nothing but {noun} and {noun2}.", "Handmade for {people}.", "Give {times} a little {gain}.")
HEADLINES: Final = (
    "The {quality} return of {noun} {things}", "How to {deed} with {gain}", "Why {people} love {quality} {things}",
    "Ten {quality} {things} for {quality2} {times}", "Inside the {quality} world of {things}",
    "A {quality} guide to {things}", "What {things} can teach us about {gain}", "In praise of {quality} {things}",
    "Notes on {gain}", "The secret life of {things}", "Meet the {people} who {deed} for {gain}", "{Things} we love now",
    "A house of {noun} and {noun2}", "Learning to {deed} again", "The {noun}, the {noun2} and the {quality} {noun3}",
    "Five ways to {deed} this winter", "{Gain} in the age of {things}", "A short history of {quality} {things}",
    "On {gain}, {gain2} and {things}", "The case for {quality} {times}", "Where {people} go to {deed}",
    "{Quality} {things}, {quality2} rooms", "Before you {deed}, read this", "The last of the {quality} {people}",
    "A season of {gain}", "Postcards from the {quality} {noun}", "When {things} become {gain}", "The new {noun} rules",
    "How {people} find {gain} in {things}", "Beyond {things}: designing for {gain}", "{Deed}, {deed2}, {deed3}",
    "One {noun}, a thousand {things}", "Everything you need to know about {quality} {things}", "The {noun} issue",
    "Life among {quality} {things}", "A love letter to {noun} {things}", "Can {things} bring {gain}?",
    "An evening with {quality} {people}", "The {quality} art of {gain}", "Slow {things} for fast {times}")


def lines(colors: Path) -> dict[str, list[str]]:
    """Distinct lines of each way of writing, shuffled; `colors` is colornames.csv of color-name-list."""
    dice = random.Random(0)  # noqa: S311 - the same lines every time, no secret
    with colors.open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    found = {"color": [name for name in names if _PLAIN.fullmatch(name) and not _UNKIND.search(name)]}
    for mode, make in (("name", _name), ("slogan", _from(SLOGANS)), ("headline", _from(HEADLINES))):
        made: dict[str, None] = {}
        while len(made) < _COUNTS[mode]:
            made[make(dice)] = None
        found[mode] = list(made)
    for entries in found.values():
        dice.shuffle(entries)
    return found


def _from(templates: tuple[str, ...]) -> Callable[[random.Random], str]:
    """A maker of lines: a template with words in its places, never the same word twice."""
    pools = {"noun": w.NOUNS, "quality": w.QUALITIES, "things": w.THINGS, "people": w.PEOPLE, "times": w.TIMES,
             "deed": w.DEEDS, "gain": w.GAINS}

    def make(dice: random.Random) -> str:
        """One line; "a" becomes "an" before a vowel."""
        used: set[str] = set()

        def word(match: re.Match[str]) -> str:
            kind = match[1]
            pool = pools[kind.lower().rstrip("23")]
            chosen = dice.choice([entry for entry in pool if entry not in used]).replace("-", " ")
            used.add(chosen)
            return chosen[0].upper() + chosen[1:] if kind[0].isupper() else chosen

        line = re.sub(r"\{(\w+)\}", word, dice.choice(templates))
        return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", line)
    return make


def _name(dice: random.Random) -> str:
    """A product or a studio: two words, one compound, a coined word, or a house with a name."""
    noun, other = (word.capitalize() for word in dice.sample(w.NOUNS, 2))
    quality, maker = dice.choice(w.QUALITIES).capitalize(), dice.choice(w.MAKERS)
    coined = (dice.choice(w.ROOTS) + dice.choice(w.ENDINGS)).capitalize()
    compound = noun + other.lower() if len(noun) + len(other) < 11 else noun + dice.choice(  # noqa: PLR2004 - sayable
        ("well", "wood", "field", "ford", "line", "side", "made", "mark", "way", "ly", "ery", "ist", "folk", "craft"))
    return dice.choice((f"{quality} {noun}", f"{noun} & {other}", f"{noun} {other}", compound, compound, coined, coined,
                        f"{maker} {coined}", f"{noun} {maker}", f"{maker} {noun}" if maker in ("Studio", "Atelier")
                        else f"{quality} {maker}", f"{coined} {noun}"))
