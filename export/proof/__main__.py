"""`python -m export.proof REQUEST.json`: leaves `answer.json` with the figures beside the request."""

from __future__ import annotations

import sys

import msgspec

from export.aside import serve
from export.proof.figures import Request
from export.proof.work import prove


def _work(data: bytes) -> object:
    return prove(msgspec.json.decode(data, type=Request))


if __name__ == "__main__":
    sys.exit(serve(_work))
