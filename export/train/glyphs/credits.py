"""Writes CREDITS.md: every family that taught the model or judged it, with its licence and where it came from."""

from __future__ import annotations

from collections import defaultdict

from export.train.glyphs.split import Item

_LICENCE_NAMES = {
    "OFL-1.1": "SIL Open Font License 1.1",
    "Apache-2.0": "Apache License 2.0",
    "Bitstream-Vera": "Bitstream Vera licence (as DejaVu)",
    "MIT": "MIT licence",
    "public-domain": "public domain",
}


def credits_page(items: list[Item]) -> str:
    """Markdown of the whole corpus, one line a family and package."""
    rows: defaultdict[tuple[str, str, str, bool], int] = defaultdict(int)
    for item in items:
        family = "".join(c for c in item.family if c.isprintable() and c != "|").strip()
        if not any(c.isalnum() for c in family):
            family = f"(without a name, in {item.package})"
        rows[family, item.licence, item.package, item.held_out] += 1
    counts: defaultdict[str, int] = defaultdict(int)
    for (_, licence, _, _), faces in rows.items():
        counts[licence] += faces
    summary = ", ".join(f"{counts[key]} faces under the {name}" for key, name in _LICENCE_NAMES.items() if counts[key])
    held = sum(item.held_out for item in items)
    families = len({family for family, _, _, _ in rows})
    lines = [
        "# Credits of the glyphs model",
        "",
        f"The model learned from {len(items) - held} faces and was judged by {held} held-out ones, together {families}",
        f"families of Debian 12 packages: {summary}.",
        "Licences were read from every font's own name table; only a font without any such words was judged by the",
        "copyright file of its Debian package. Fonts naming other terms were left out. No outline is contained in the",
        "model; the names below are those the fonts carry. `held out` families judged the model and never taught it.",
        "",
        "| family | faces | licence | Debian package | |",
        "|---|---|---|---|---|",
    ]
    for (family, licence, package, held_out), faces in sorted(rows.items(), key=lambda row: row[0][0].lower()):
        mark = "held out" if held_out else ""
        lines.append(f"| {family} | {faces} | {_LICENCE_NAMES[licence]} | {package} | {mark} |")
    return "\n".join(lines) + "\n"
