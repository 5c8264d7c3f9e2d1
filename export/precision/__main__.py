"""`python -m export.precision REQUEST.json`: leaves `answer.json` with the graphs that were made beside the request."""

from __future__ import annotations

import sys

import msgspec

from export.aside import serve
from export.precision.make import make
from export.precision.request import Request


def _work(data: bytes) -> object:
    return make(msgspec.json.decode(data, type=Request))


if __name__ == "__main__":
    sys.exit(serve(_work))
