"""From words on the command line to a recipe: --set, --prompt, --seed ..., by the package's own declaration."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from engine.cli.arguments import UsageProblem, seed
from engine.cli.console import Console
from engine.controls import check_recipe, format_value, shown_value
from engine.errors import ValueProblem
from engine.jobs.seeds import stride
from engine.typed import typed

MAX_SEED = 2**32 - 1


def add_values(parser: argparse.ArgumentParser) -> None:
    """--set, --prompt, --negative, --seed and --size."""
    add_sets(parser)
    parser.add_argument("--prompt", metavar="TEXT", help="what to make, for models that take a prompt")
    parser.add_argument("--negative", metavar="TEXT", help="what to keep out, for models that take such a prompt")
    parser.add_argument("--seed", type=seed, metavar="N", help="the (first) seed")
    parser.add_argument("--size", metavar="WxH", help="size in pixels, for models that take a size")


def add_sets(parser: argparse.ArgumentParser) -> None:
    """--set alone; the short options are absent from what is parsed."""
    parser.set_defaults(prompt=None, negative=None, seed=None, size=None)
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], dest="sets",
                        help="set a control (`atelier models show ID` lists them); source pictures by their path; may "
                             "be given many times")


def recipe_from(info: PackageInfo, given: argparse.Namespace, console: Console) -> Recipe:
    """The recipe that the words ask for; everything else keeps its default. Raises ValueProblem or UsageProblem."""
    chosen: dict[str, Value] = {}
    for name, text in _pairs(info, given):
        if name in chosen:
            raise UsageProblem(f"“{name}” is set twice.", "Set each control once.", name)
        chosen[name] = typed(_control(info, name), text, Path.cwd())
    recipe = check_recipe(info, info.default_recipe().with_values(chosen))
    for name in chosen:
        _remark_idle(info, recipe, name, console)
    return recipe


def counted(info: PackageInfo, recipe: Recipe, count: int) -> list[Recipe]:
    """`count` recipes with rising seeds, beginning with `recipe` itself; of texts so that no card comes twice."""
    if count == 1:
        return [recipe]
    name = _of_kind(info, ControlKind.SEED, "seed", "--count makes one picture per seed").name
    first = recipe.values[name]
    far = stride(info, recipe)
    if not isinstance(first, int) or first + (count - 1) * far > MAX_SEED:
        raise ValueProblem(f"{count} seeds from {first} go past the last one, {MAX_SEED}.",
                           "Begin with a smaller seed.", "seed")
    return [recipe.with_values({name: first + step * far}) for step in range(count)]


def _pairs(info: PackageInfo, given: argparse.Namespace) -> Iterable[tuple[str, str]]:
    """Every (control name, text) that was typed, the short options included."""
    for words in given.sets:
        name, equals, text = words.partition("=")
        if not equals or not name.strip():
            raise UsageProblem(f"“{words}” is not NAME=VALUE.", "Write for example --set weight=1.5.", words)
        yield name.strip(), text
    if given.prompt is not None:
        yield _prompt(info).name, given.prompt
    if given.negative is not None:
        yield _negative(info).name, given.negative
    if given.seed is not None:
        yield _of_kind(info, ControlKind.SEED, "seed").name, str(given.seed)
    if given.size is not None:
        yield _of_kind(info, ControlKind.SIZE, "size").name, given.size


def _control(info: PackageInfo, name: str) -> Control:
    """The control of that name. Raises ValueProblem with the nearest one."""
    control = info.control(name)
    if control is None:
        known = [one.name for one in info.controls]
        near = get_close_matches(name, known, n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"It has {', '.join(known)}."
        raise ValueProblem(f"The model “{info.id}” has no control “{name}”.",
                           f"{remedy} `atelier models show {info.id}` explains them.", name)
    return control


def _prompt(info: PackageInfo) -> Control:
    """The prompt control. Raises ValueProblem that points to the text a package draws instead, where there is one."""
    control = info.control("prompt")
    if control is not None and control.kind in (ControlKind.PROMPT, ControlKind.TEXT):
        return control
    texts = [one.name for one in info.controls if one.kind is ControlKind.TEXT]
    remedy = (f"To choose the text it draws, use --set {texts[0]}=TEXT." if texts
              else f"`atelier models show {info.id}` lists what it can be told.")
    raise ValueProblem(f"The model “{info.id}” takes no prompt.", remedy, "prompt")


def _negative(info: PackageInfo) -> Control:
    """The control of what to keep out. Raises ValueProblem."""
    control = info.control("negative")
    if control is None:
        raise ValueProblem(f"The model “{info.id}” takes no negative prompt.",
                           f"`atelier models show {info.id}` lists what it can be told.", "negative")
    return control


def _of_kind(info: PackageInfo, kind: ControlKind, word: str, because: str = "") -> Control:
    """The package's control of that kind. Raises ValueProblem when it has none."""
    for control in info.controls:
        if control.kind is kind:
            return control
    reason = f" ({because})" if because else ""
    raise ValueProblem(f"The model “{info.id}” has no {word} to set{reason}.",
                       f"`atelier models show {info.id}` lists what it can be told.", word)


def _remark_idle(info: PackageInfo, recipe: Recipe, name: str, console: Console) -> None:
    """Say when a value that was set does not count because of another one."""
    control = info.control(name)
    if control is None or control.shown_when is None:
        return
    other, values = control.shown_when
    ruling = info.control(other)
    if ruling is not None and format_value(ruling, recipe.values[other]) not in values:
        console.note(f"“{name}” has no effect while “{other}” is {shown_value(ruling, recipe.values[other])}.")
