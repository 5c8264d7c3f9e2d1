"""`python -m export.proof REQUEST.json`: leaves `answer.json` with the figures (or the first wrong node) there."""

from __future__ import annotations

import sys

import msgspec

from export.aside import serve
from export.proof.figures import Request, Search
from export.proof.work import prove, search


def _work(data: bytes) -> object:
    asked = msgspec.json.decode(data, type=Request | Search)
    return search(asked) if isinstance(asked, Search) else prove(asked)


if __name__ == "__main__":
    sys.exit(serve(_work))
