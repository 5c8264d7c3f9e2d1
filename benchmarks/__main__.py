"""All benchmarks, one after the other, each in a process of its own: `python -m benchmarks [--json] [ROW ...]`."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict

from benchmarks.measure import Row, arguments, table
from engine.runtime.providers import cores

ROWS = ("drag", "roundtrip", "batch", "startup", "library")
AGAINST_TORCH = ("convert_small", "stylegan2", "text")  # these need the extra `export`


def main() -> int:
    """Run the chosen rows and print one table; 1 when one of them could not be measured."""
    parser = arguments(__doc__)
    known = ROWS + AGAINST_TORCH if importlib.util.find_spec("torch") else ROWS
    parser.add_argument("rows", nargs="*", metavar="ROW", choices=[*known, []],
                        help=f"which (default: all of {', '.join(known)})")
    given = parser.parse_args()
    rows: list[Row] = []
    missing = []
    for name in given.rows or known:
        command = [sys.executable, "-m", f"benchmarks.{name}", "--package", given.package, "--json",
                   "--threads", str(given.threads), "--pairs", str(given.pairs)]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if answer.returncode:
            missing.append(name)
        else:
            rows += [Row(**one) for one in json.loads(answer.stdout)]
    if given.json:
        print(json.dumps([asdict(one) for one in rows], indent=1, ensure_ascii=False))
    else:
        busy = f" (load {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""
        print(f"{given.package}; {given.threads} thread(s) on both sides; {cores()} cores{busy}; {platform.system()}\n")
        print(table(rows))
    for name in missing:
        sys.stderr.write(f"benchmarks: {name} could not be measured, see above.\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
