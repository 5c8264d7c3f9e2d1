"""The front door: alone (or with a picture or package) the studio, `--...-child` a child, else the command line.

It stays tiny: nothing is imported here that the chosen way does not need.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

CHILDREN = {"--engine-child": "engine.server", "--export-child": "export.child",
            "--probe-child": "engine.runtime.probe"}
"""How the packaged program starts its own children: the word, and the module whose `main` serves."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Latent Atelier with `arguments` (default: those of this process); returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in CHILDREN:
        return _serve(CHILDREN[given[0]], given[1:])
    try:
        if not given or _is_document(given[0]):
            return open_studio(given)
        from engine.cli.main import main as command_line

        return command_line(given)
    except KeyboardInterrupt:  # so early, or so late, that no verb could answer it
        return 130
    except ImportError as error:
        return _without(error)


def _serve(module: str, words: Sequence[str]) -> int:
    """Be one of the children. Returns the exit code."""
    from importlib import import_module

    return int(import_module(module).main(words))


def open_studio(documents: Sequence[str] = ()) -> int:
    """Open the window, with a kept picture or a package folder. Returns the exit code."""
    gc.disable()       # what is loaded on the way to the window stays; `gui.app` looks for garbage from there on
    try:
        from gui.app import main as studio

        return studio(documents)
    finally:
        gc.enable()


def _without(error: ImportError) -> int:
    """A missing library (or a system library that it needs) in a sentence; returns the exit code."""
    from engine.cli.missing import missing_library

    sentence = missing_library(error)
    if sentence is None:
        raise error
    if sys.stderr is not None:  # a windowed program has none
        sys.stderr.write(f"atelier: {' '.join(sentence)}\n")
    return 2


def _is_document(word: str) -> bool:
    """Whether a first word is a file or folder (what a file manager passes) and no verb."""
    from engine.cli.verbs import VERBS

    return word not in VERBS and os.path.exists(word)  # noqa: PTH110 - pathlib takes longer than all the rest here


if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # only a frozen program re-runs itself for multiprocessing
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())
