"""`atelier library`: what was kept, in one place: list and find, add, tag, rate, forget. Files stay where they are."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.api import Medium, Progress
from engine.cli.arguments import Parser, UsageProblem, add_engine, add_json, input_path, positive, verb_parser, whole
from engine.cli.bars import Bar
from engine.cli.console import Console, table
from engine.cli.engine import announce, engine_for
from engine.cli.library_lines import entry_document, entry_rows
from engine.cli.units import size
from engine.errors import AtelierError, ExitCode, FileProblem, ValueProblem
from engine.library.encoder import search_encoder
from engine.library.gathering import gather, keepsake_of
from engine.library.library import Library
from engine.library.records import BEST, Entry, Meaning, Order, Page, Query
from engine.packages.describe import describe
from engine.packages.shelf import default_shelf

EXAMPLES = """\
  atelier library                                     the newest
  atelier library add pictures/ harbour.gpl           what carries a recipe, once
  atelier library find "old stone walls" --rating 3
  atelier library list --tag walls --model textures --json
  atelier library tag 12 15 --add walls --remove draft
  atelier library rate 12 15 5                        the last number is the rating
  atelier library forget 12

The library remembers files, it does not hold them: forgetting one leaves it where it is.
The studio adds what you keep; `render`, `batch` and `repeat` only write files: add those
here. A file that was moved is found again when its new folder is added."""

_TOGETHER = 200
"""Texts in one question to the engine."""

_ORDERS = [order.value for order in Order if order is not Order.LIKENESS]


class _Sub(Parser):
    """A parser that argparse makes for us, with the keywords it likes to pass."""


def parser() -> Parser:
    """The verb's own verbs; none means the list."""
    made = verb_parser("library", "List and find what was kept; add, tag, rate or forget.", EXAMPLES)
    actions = made.add_subparsers(dest="action", metavar="list | find | add | tag | rate | forget | where",
                                  parser_class=_Sub)

    def action(name: str, description: str) -> argparse.ArgumentParser:
        """One more of them."""
        return actions.add_parser(name, prog=f"atelier library {name}", description=description)

    listed = action("list", "List what was kept, the newest first.")
    listed.add_argument("--words", metavar="WORDS", default="", help="only what says all of these words")
    listed.add_argument("--order", choices=_ORDERS, default=Order.NEWEST.value, help="what stands first")
    found = action("find", "Find what was kept by what it is about; what says the words stands first.")
    found.add_argument("words", metavar="WORDS", help="what to look for")
    for one, count in ((listed, 50), (found, 10)):
        _add_filters(one, count)
    add_engine(found)
    added = action("add", "Remember files, and all below folders, that carry a recipe.")
    added.add_argument("paths", metavar="FILE-OR-FOLDER", nargs="+", type=input_path, help="what to remember")
    tagged = action("tag", "Give entries tags, or take them away.")
    rated = action("rate", "Rate entries from 1 to 5; 0 is no rating.")
    forgotten = action("forget", "Take entries out of the library; the files stay.")
    for one in (tagged, rated, forgotten):
        one.add_argument("ids", metavar="ID", nargs="+", type=positive, help="an entry, by its number in the list")
    tagged.add_argument("--add", metavar="TAG", action="append", default=[], help="may be given several times")
    tagged.add_argument("--remove", metavar="TAG", action="append", default=[], help="may be given several times")
    rated.add_argument("rating", metavar="N", type=lambda text: whole(text, 0, BEST), help="0 to 5")
    where = action("where", "Tell where the library lies, and what is in it.")
    for one in (listed, found, added, tagged, rated, forgotten, where):
        add_json(one)
    return made


def _add_filters(made: argparse.ArgumentParser, count: int) -> None:
    """Which entries; all of it has to hold."""
    made.add_argument("--model", metavar="ID", default="", help="only what this model made")
    made.add_argument("--kind", choices=[medium.value for medium in Medium], help="only pictures, texts or palettes")
    made.add_argument("--rating", type=lambda text: whole(text, 0, BEST), metavar="N", default=0, help="at least")
    made.add_argument("--tag", metavar="TAG", action="append", default=[], help="may be given several times")
    made.add_argument("--missing", action="store_true", help="only those whose file is gone")
    made.add_argument("--count", type=positive, metavar="N", default=count, help=f"how many (default {count})")


def run(given: argparse.Namespace, console: Console) -> int:
    """Do what was asked; 0, or 1 when a named file has no recipe. Raises AtelierError."""
    if given.action == "tag" and not (given.add or given.remove):
        raise UsageProblem("No tag is given.", "`--add TAG` gives one, `--remove TAG` takes one away.", "tag")
    with _opened(console) as library:
        match given.action:
            case "find":
                return _find(given, library, console)
            case "add":
                return _add(given, library, console)
            case "tag" | "rate" | "forget":
                return _change(given, library, console)
            case "where":
                return _where(library, console)
            case "list":
                return _list(given, library, console)
            case _:
                return _list(parser().parse_args(["list"]), library, console)


@contextmanager
def _opened(console: Console) -> Iterator[Library]:
    """The person's library; what they must know of it is told."""
    with Library.open() as library:
        for remark in library.remarks:
            console.note(remark)
        yield library


def _list(given: argparse.Namespace, library: Library, console: Console) -> int:
    """A page, as old as the disk is now."""
    query = _query(given, Order(given.order))
    library.look(None if given.missing else library.ids(query))
    return _show(library.find(query), given, console)


def _find(given: argparse.Namespace, library: Library, console: Console) -> int:
    """By meaning and by words; texts that the encoder has not read yet are read first."""
    encoder = search_encoder()
    with engine_for(given) as engine, Bar(console) as bar:
        texts = library.unread(encoder, None)
        for start in range(0, len(texts), _TOGETHER):
            some = texts[start:start + _TOGETHER]
            library.learn(some, engine.embed(some), encoder)
            bar.update(Progress(start + len(some), len(texts), "read"))
        question = Meaning(engine.embed([given.words])[0], encoder)
        announce(engine.client.last_device, console)
    query = _query(given, Order.LIKENESS)
    library.look(None if given.missing else library.ids(query, question))
    return _show(library.find(query, question), given, console)


def _query(given: argparse.Namespace, order: Order) -> Query:
    """The words of the command line as a question."""
    return Query(given.words, given.model, Medium(given.kind) if given.kind else None, given.rating, tuple(given.tag),
                 True if given.missing else None, order=order, limit=given.count)


def _show(page: Page, given: argparse.Namespace, console: Console) -> int:
    """The answers as a table; how alike they are where they were asked by meaning."""
    ranked = given.action == "find"
    if page.found:
        console.lines(table(entry_rows(page.found, ranked=ranked), console.width))
        if page.total > len(page.found):
            console.line(f"{len(page.found)} of {page.total}; --count shows more")
    else:
        console.line("Nothing in the library fits. `atelier library add FOLDER` takes in what was kept.")
    console.document({"total": page.total, "entries": [
        entry_document(found.entry) | ({"alike": round(found.alike, 4), "said": found.said} if ranked else {})
        for found in page.found]})
    return int(ExitCode.DONE)


def _add(given: argparse.Namespace, library: Library, console: Console) -> int:
    """Take in what carries a recipe; a named file without one is told."""
    with Bar(console) as bar:
        done = gather(library, given.paths, bar.update, media=_media())
    faults = [fault for path in given.paths if path.is_file() and (fault := _fault(path)) is not None]
    for fault in faults:
        console.note(fault)
    library.back_up()
    words = f"{len(done.added)} added, {done.known} known already"
    console.line(words + (f", {done.passed} without a recipe passed over" if done.passed else ""))
    console.document({"added": [entry_document(entry) for entry in library.entries(done.added)], "known": done.known,
                      "passed": done.passed,
                      "failed": [{"path": fault.subject, "what": fault.what} for fault in faults]})
    return int(ExitCode.SOME_ROWS_FAILED if faults else ExitCode.DONE)


def _fault(path: Path) -> FileProblem | None:
    """Why a file cannot be remembered, if it cannot."""
    try:
        keepsake_of(path)
    except FileProblem as fault:
        return fault
    return None


def _media() -> Mapping[str, Medium]:
    """What each package on the shelf makes; one that this version does not know makes what its files look like."""
    found = {}
    for entry in default_shelf().packages():
        try:
            found[entry.id] = describe(entry.folder).medium
        except AtelierError:
            continue
    return found


def _change(given: argparse.Namespace, library: Library, console: Console) -> int:
    """Tag, rate or forget; nothing is done if an id is nobody's."""
    entries = _entries(library, given.ids)
    ids = [entry.id for entry in entries]
    match given.action:
        case "tag":
            for tag in given.add:
                library.tag(ids, tag)
            for tag in given.remove:
                library.untag(ids, tag)
        case "rate":
            library.rate(ids, given.rating)
        case "forget":
            library.forget(ids)
    library.back_up()
    changed = entries if given.action == "forget" else library.entries(ids)
    done = {"tag": "tagged", "rate": "rated", "forget": "forgot"}[given.action]
    for entry in changed:
        told = {"tag": ", ".join(entry.tags) or "no tags", "rate": f"{entry.rating} of {BEST}",
                "forget": "the file stays"}
        console.line(f"{done} {entry.id} {entry.path.name}: {told[given.action]}")
    console.document({done: [entry_document(entry) for entry in changed]})
    return int(ExitCode.DONE)


def _entries(library: Library, ids: Sequence[int]) -> tuple[Entry, ...]:
    """The entries of all ids. Raises ValueProblem."""
    wanted = list(dict.fromkeys(ids))
    found = library.entries(wanted)
    missing = [number for number in wanted if number not in {entry.id for entry in found}]
    if missing:
        raise ValueProblem(f"There is no entry {missing[0]} in the library.",
                           "`atelier library list` tells the numbers.", str(missing[0]))
    return found


def _where(library: Library, console: Console) -> int:
    """The file, and what is in it in figures."""
    total = library.find(Query(limit=0)).total
    taken = library.path.stat().st_size
    packages, tags = library.packages(), library.tags()
    facts = [("library", str(library.path)), ("entries", str(total)), ("size", size(taken)),
             ("models", ", ".join(f"{one.key} {one.count}" for one in packages) or "none yet"),
             ("tags", ", ".join(f"{one.name} {one.count}" for one in tags) or "none yet")]
    console.lines(table(facts, console.width))
    console.document({"path": str(library.path), "entries": total, "bytes": taken,
                      "models": {one.key: one.count for one in packages},
                      "tags": {one.name: one.count for one in tags}})
    return int(ExitCode.DONE)
