"""The verbs of the command line: a table that the help page and the dispatcher read. It imports nothing."""

from __future__ import annotations

VERBS: dict[str, tuple[str, str]] = {
    "models": ("engine.cli.models", "list the models on the shelf; show, add, check or remove one"),
    "render": ("engine.cli.render", "make pictures, texts or palettes"),
    "batch": ("engine.cli.batch", "make many from a table; survives a crash"),
    "library": ("engine.cli.library", "what was kept: list, find, add, tag, rate, forget"),
    "find": ("engine.cli.find", "find kept files of a folder by what they are about"),
    "inspect": ("engine.cli.inspect_file", "show the recipe inside a kept file"),
    "repeat": ("engine.cli.repeat", "make a kept file again, byte for byte"),
    "doctor": ("engine.cli.doctor", "check devices, versions, folders and libraries"),
    "export": ("engine.cli.export", "turn a PyTorch checkpoint into a package"),
    "train": ("engine.cli.train", "train a model with one of the recipes"),
}
"""Verb -> the module that runs it (imported only when it is asked for), and what it does."""

EXAMPLES = """\
examples:
  atelier                                             open the studio
  atelier out.png                                     open the studio on a kept picture
  atelier models                                      what can I use?
  atelier render glyphs --set text="Quartz" -o out.png
  atelier render glyphs --count 20 --seed 1 -o pictures/
  atelier render textures --prompt "worn red brick with moss" -o wall.png
  atelier find "old walls" pictures/
  atelier library add pictures/
  atelier library find "old walls"
  atelier batch table.csv -o pictures --dry-run
  atelier repeat out.png -o again.png"""

EXIT_CODES = "exit codes: 0 done, 1 some rows failed, 2 wrong usage or bad input, 3 engine failure, 130 cancelled"


def help_page() -> str:
    """What `atelier --help` prints."""
    width = max(len(name) for name in VERBS)
    lines = [f"  {name:{width}}  {summary}" for name, (_, summary) in VERBS.items()]
    return "\n".join([
        "usage: atelier [VERB ... | PICTURE | PACKAGE]", "",
        "Latent Atelier: a studio for generative models. Without a verb it opens the window.", "",
        "verbs:", *lines, "",
        "`atelier VERB --help` explains one verb. Listings and results also come with --json.", "",
        EXAMPLES, "", EXIT_CODES,
    ])
