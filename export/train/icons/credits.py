"""Whom to thank: the page of credits, with the words that the licences of the sets ask to be kept."""

from __future__ import annotations

from collections import Counter

from export.train.icons.dataset import Icons
from export.train.icons.sources import SOURCES

_HEAD = """# Credits of the icons model

The model holds the drawings below in a compressed form and puts parts of them together. Every set was drawn again with
one pen (lines of 2 on a grid of 24); marks of companies and products were left out, as were filled shapes.
`held out` drawings judged the model and are not in it.

| set | drawings | held out | licence | made by |
|---|---|---|---|---|
"""

_MIT = """
## MIT licence (Tabler Icons, Akar Icons, Humbleicons, Majesticons, Heroicons, Myna UI Icons, Iconoir, Huge Icons)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

_ISC = """
## ISC licence (Lucide, Lucide Lab)

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

## Apache License 2.0 (IconPark; the model itself)

See LICENSE.txt.
"""


def credits_page(icons: Icons) -> str:
    """CREDITS.md of the package."""
    taught = Counter(icons.items[place].source for place in icons.taught)
    held = Counter(icons.items[place].source for place in icons.held)
    rows = [f"| {source.title} ({source.package}) | {taught[source.id]} | {held[source.id]} | {source.licence} | "
            f"Copyright (c) {source.holder} |\n" for source in SOURCES]
    return _HEAD + "".join(rows) + _MIT + _ISC


def licence_words() -> str:
    """The licences as SPDX joins them."""
    return " AND ".join(sorted({source.licence for source in SOURCES} | {"Apache-2.0"}))
