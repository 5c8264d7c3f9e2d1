"""The verbs of the command line: a table that the help page and the dispatcher read. Imports nothing heavy."""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """One verb: the module that runs it (imported only when it is asked for) and what it does."""

    module: str
    summary: str


VERBS: dict[str, Verb] = {
    "models": Verb("engine.cli.models", "list the models on the shelf; show, add, check or remove one"),
    "render": Verb("engine.cli.render", "make pictures"),
    "batch": Verb("engine.cli.batch", "make many pictures from a table; survives a crash"),
    "inspect": Verb("engine.cli.inspect_file", "show the recipe inside a picture"),
    "repeat": Verb("engine.cli.repeat", "make a picture again, byte for byte"),
    "doctor": Verb("engine.cli.doctor", "check devices, versions, folders and libraries"),
    "export": Verb("engine.cli.export", "turn a PyTorch checkpoint into a package"),
    "train": Verb("engine.cli.train", "train a model with one of the recipes"),
}

EXAMPLES = """\
examples:
  atelier                                             open the studio
  atelier out.png                                     open the studio on a kept picture
  atelier models                                      what can I use?
  atelier render glyphs --set text="Quartz" -o out.png
  atelier render glyphs --count 20 --seed 1 -o pictures/
  atelier batch table.csv -o pictures --dry-run
  atelier repeat out.png -o again.png"""

EXIT_CODES = "exit codes: 0 done, 1 some rows failed, 2 wrong usage or bad input, 3 engine failure, 130 cancelled"


def help_page() -> str:
    """What `atelier --help` prints."""
    width = max(len(name) for name in VERBS)
    lines = [f"  {name:{width}}  {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join([
        "usage: atelier [VERB ... | PICTURE | PACKAGE]", "",
        "Latent Atelier: a studio for generative models. Without a verb it opens the window.", "",
        "verbs:", *lines, "",
        "`atelier VERB --help` explains one verb. Listings and results also come with --json.", "",
        EXAMPLES, "", EXIT_CODES,
    ])
