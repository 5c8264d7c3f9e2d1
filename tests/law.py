"""The law of the house, as data and a checker: who may import whom, who owns a library, how long things may be.

`ARCHITECTURE.md` tells it in words; `test_architecture.py` holds the code to it and shows that the checker can fail.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = ("engine", "export", "gui", "atelier", "bootstrap")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MARKS = ("TO" + "DO", "FIX" + "ME")  # in two parts, so that this file passes its own check


@dataclass(frozen=True)
class Room:
    """A module or package and the rooms of ours it may enter; its own insides are always open to it."""

    name: str
    may: tuple[str, ...]


# Small tools that know nothing of models, screens or processes; open to every room that is not told otherwise.
GROUND = ("engine.api", "engine.errors", "engine.strictjson", "engine.atomic", "engine.paths", "engine.progress",
          "engine.cancel", "engine.reading", "engine.formats")

# The most exact name counts: engine.packages.describe is judged by its own line, the rest of engine.packages by theirs.
ROOMS = (
    Room("engine.api", ()),
    Room("engine.errors", ("engine.api",)),
    Room("engine.latent", ("engine.errors",)),
    Room("engine.glyphs", ("engine.errors",)),
    Room("engine.prompting", ("engine.errors",)),
    Room("engine.diffusion", ("engine.errors",)),
    Room("engine.colors", ("engine.errors",)),
    Room("engine.text", ("engine.errors", "engine.strictjson")),
    Room("engine.runtime", (*GROUND, "engine.packages")),
    Room("engine.runtime.probe", (*GROUND, "engine.runtime", "engine.confine")),
    Room("engine.families", (*GROUND, "engine.packages", "engine.runtime", "engine.latent", "engine.glyphs",
                             "engine.prompting", "engine.colors", "engine.diffusion", "engine.text",
                             "engine.readers", "engine.media",
                             "engine.rng", "engine.controls")),
    Room("engine.writers", (*GROUND, "engine.provenance")),
    Room("engine.readers", (*GROUND, "engine.media")),
    Room("engine.document", (*GROUND, "engine.media")),
    Room("engine.packages", GROUND),
    Room("engine.packages.describe", (*GROUND, "engine.packages", "engine.families")),
    Room("engine.converting", (*GROUND, "engine.packages", "engine.child", "engine.client", "engine.blocking",
                               "engine.outcome", "engine.options", "engine.watch", "engine.writers.png")),
    Room("engine.library", (*GROUND, "engine.meaning", "engine.provenance", "engine.packages.manifest")),
    Room("engine", ("engine",)),
    # Programs of their own: they meet the runtime and never torch.
    Room("export.proof", (*GROUND, "export", "engine.packages", "engine.runtime", "engine.confine")),
    Room("export.precision", (*GROUND, "export", "engine.packages", "engine.runtime", "engine.confine")),
    Room("export", (*GROUND, "engine.packages", "engine.wire", "engine.client", "engine.blocking", "engine.confine",
                    "engine.converting.messages", "engine.converting.sheet")),
    Room("export.train", (*GROUND, "export", "engine.packages", "engine.client", "engine.blocking", "engine.options",
                          "engine.colors", "engine.converting.sheet")),
    Room("gui.widgets", ("engine.api", "engine.prompting", "gui.theme", "gui.properties")),
    Room("gui.engine_bridge", (*GROUND, "gui", "engine.client", "engine.messages", "engine.outcome", "engine.jobs")),
    Room("gui.export_bridge", (*GROUND, "gui", "engine.packages", "engine.converting")),
    Room("gui", (*GROUND, "gui", "engine.packages", "engine.controls", "engine.provenance", "engine.prompting",
                 "engine.meaning", "engine.media", "engine.document", "engine.library",
                 "engine.converting.messages")),
    Room("atelier", ("engine", "gui", "export")),
    Room("bootstrap", ()),
)

# Each of these libraries has one home; nobody else imports it.
OWNERS = {
    # The parity check and the making of smaller weights are programs of their own: they never meet torch.
    "tokenizers": ("engine.text", "export.train"),
    "sqlite3": ("engine.library",),
    "onnxruntime": ("engine.runtime", "export.train.glyphs.parity", "export.train.encoder.small",
                    "export.train.icons.parity", "export.train.textures.parity", "export.precision"),
    "PIL": ("engine.writers", "engine.readers", "export"),
    "PySide6": ("gui",),
    "shiboken6": ("gui",),
    "torch": ("export",),
    "onnx": ("export",),
    "onnxscript": ("export",),
    "safetensors": ("export",),
    "diffusers": ("export",),
    "transformers": ("export",),
    "cv2": ("export",),
    "freetype": ("export",),
    "fontTools": ("export",),
    "sklearn": ("export.train",),
    "resvg_py": ("export.train",),
}

# Rooms that stand on the standard library and these alone.
PLAIN = {
    "engine.api": ("numpy",),
    "engine.errors": (),
    "engine.latent": ("numpy",),
    "engine.glyphs": ("numpy",),
    "engine.prompting": (),
    "engine.diffusion": ("numpy",),
    "engine.colors": ("numpy",),
    "engine.text": ("numpy", "tokenizers"),
    "bootstrap": (),
}

# Where a broad `except` is the job: a request, a slot or the whole program must survive our own bugs.
CATCH_ALL = ("engine.server", "gui.engine_bridge", "gui.crash", "engine.cli.crash")


def within(name: str, room: str) -> bool:
    """Whether dotted `name` is `room` or lies inside it."""
    return name == room or name.startswith(room + ".")


def house_files() -> list[Path]:
    """Every source file the law speaks of."""
    packages = [path for top in ("engine", "export", "gui") for path in sorted((ROOT / top).rglob("*.py"))]
    return packages + [path for path in (ROOT / "atelier.py", ROOT / "bootstrap.py") if path.exists()]


def module_name(path: Path) -> str:
    """`engine/packages/shelf.py` -> `engine.packages.shelf`; a package's `__init__.py` bears the package's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, module: str, *, is_package: bool = False) -> list[tuple[int, str]]:
    """Line and full dotted name of every import at any depth, those for type checking included."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                kept = parents[:len(parents) - node.level + (1 if is_package else 0)]
                base = ".".join([*kept, base]) if base else ".".join(kept)
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found += [(node.lineno, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant)]
    return found


def import_faults(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What in this module's imports breaks the law, one sentence each."""
    faults = []
    for line, name in imports(ast.parse(source), module, is_package=is_package):
        fault = _fault(module, name)
        if fault:
            faults.append(f"{module}:{line} {fault}")
    return faults


def _fault(module: str, name: str) -> str:
    """Why `module` may not import `name`; empty when it may."""
    top = name.partition(".")[0]
    if top in OURS:
        return _room_fault(module, name)
    if top in OWNERS and not any(within(module, owner) for owner in OWNERS[top]):
        return f"imports {name}: only {', '.join(OWNERS[top])} may"
    plain = next((allowed for room, allowed in PLAIN.items() if within(module, room)), None)
    if plain is not None and top not in plain and not _is_standard(top):
        return f"imports {name}: this room stands on the standard library{' and ' if plain else ''}{', '.join(plain)}"
    return ""


def _room_fault(module: str, name: str) -> str:
    """The same for a name of ours."""
    room = max((room for room in ROOMS if within(module, room.name)), key=lambda room: len(room.name))
    if within(name, room.name):
        return _family_fault(module, name) if room.name == "engine.families" else ""
    if any(within(name, allowed) for allowed in room.may):
        return ""
    return f"imports {name}: {room.name} may enter {', '.join(room.may) or 'nothing of ours'}"


def _family_fault(module: str, name: str) -> str:
    """Families never import each other; `decoder_text` counts as a part of `decoder`."""
    importer, imported = (text.split(".")[2] if text.count(".") > 1 else "" for text in (module, name))
    if not importer or not imported or importer == "registry" or imported.split("_")[0] == "base":
        return ""
    if importer.split("_")[0] == imported.split("_")[0]:
        return ""
    return f"imports {name}: a family never imports another"


def _is_standard(top: str) -> bool:
    """Whether a top-level name belongs to the standard library."""
    return top in sys.stdlib_module_names or top == "__future__"


def shape_faults(source: str, module: str) -> list[str]:
    """Files and functions that are too long, public things without a docstring, broad excepts, marks of undone work."""
    tree = ast.parse(source)
    faults = []
    lines = source.count("\n")
    if lines > LONGEST_FILE:
        faults.append(f"{module} has {lines} lines, more than {LONGEST_FILE}")
    if not ast.get_docstring(tree):
        faults.append(f"{module} has no docstring")
    for number, line in enumerate(source.splitlines(), 1):
        faults += [f"{module}:{number} says {mark}" for mark in MARKS if mark in line]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                faults.append(f"{module}:{node.lineno} {node.name} has {length} lines, more than {LONGEST_FUNCTION}")
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _may_catch_all(module):
            faults.append(f"{module}:{node.lineno} catches everything; only {', '.join(CATCH_ALL)} may")
    return faults + [f"{module}:{line} {name} has no docstring" for line, name in _undocumented(tree)]


def _may_catch_all(module: str) -> bool:
    """Whether surviving our own bugs is this module's job."""
    return any(within(module, room) for room in CATCH_ALL)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """`except:`, `except Exception`, `except BaseException`, alone or in a tuple, unless it ends by raising again."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def _undocumented(tree: ast.Module) -> list[tuple[int, str]]:
    """Public classes, functions and methods without a docstring."""
    found: list[tuple[int, str]] = []

    def look(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            exempt = any(text.endswith((".setter", "overload")) for text in decorators)
            if not exempt and not ast.get_docstring(node):
                found.append((node.lineno, prefix + node.name))
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{prefix}{node.name}.")

    look(tree.body, "")
    return found
