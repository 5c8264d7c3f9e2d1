"""The torch side of `benchmarks.convert_diffusion`: one part answered and traced into a folder, then torch is gone."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def convert(role: str, folder: Path) -> None:
    """Write the reference, the graph and `traced.json` of the part `role` into `folder`."""
    import torch

    from benchmarks import convert_diffusion
    from export.aside import peak_mb
    from export.reference import save_reference
    from export.trace import trace

    torch.set_num_threads(1)
    part = getattr(convert_diffusion, role)()
    save_reference(part, folder, count=2 if role == "unet" else 4)
    traced = trace(part, folder)
    weights = sum(value.nbytes for value in part.module.parameters()) / 1e6
    (folder / "traced.json").write_text(json.dumps({"graph": traced.graph, "weights_mb": round(weights, 1),
                                                    "peak_mb": peak_mb()}), encoding="utf-8")


if __name__ == "__main__":
    convert(sys.argv[1], Path(sys.argv[2]))
