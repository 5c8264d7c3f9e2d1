"""The processes of `benchmarks.text`: `python -m benchmarks.text_sides weights|graphs|ours|theirs`, orders on stdin."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Write = Callable[[], list[int]]
"""Writes one text; its tokens without the prompt's."""

GRU = {"tokens": 96, "width": 200, "layers": 2}


def weights(home: Path, model: str) -> None:
    """Random weights as their public owner stores them, the graph, and torch's answers to a few inputs."""
    import torch

    from export.adapters.registry import by_name, recognised
    from export.checkpoint.open import open_source
    from export.reference import save_reference
    from export.trace import trace

    shutil.rmtree(home, ignore_errors=True)
    (home / "fp32").mkdir(parents=True)
    torch.manual_seed(0)
    source = home / "weights"
    if model == "gpt2":
        _gpt2().save_pretrained(source)
    else:
        source = home / "gru.pt"
        torch.save(_gru().state_dict(), source)
    opened = open_source(source)
    detection = recognised(opened)
    built = by_name(detection.adapter).build(opened, detection)
    part = built.parts[0]
    reference = save_reference(part, home / "answers", count=1)
    traced = trace(part, home / "fp32")
    (home / "made.json").write_text(json.dumps({
        "graph": traced.graph, "text": {**built.manifest["text"], "stop": []}, "reference": str(reference)}),
        encoding="utf-8")


def graphs(home: Path, model: str) -> None:
    """Packages of each precision, and what the small one loses."""
    from engine.packages.making import listed, write_manifest
    from export.precision.request import made, wish

    told = json.loads((home / "made.json").read_text(encoding="utf-8"))
    precisions = ("fp32", "int4") if model == "gpt2" else ("fp32",)
    answer = made((wish("step", home / "fp32", told["graph"], Path(told["reference"]), precisions),), home / "made")
    for precision, entry in answer.graphs["step"].items():
        place, package = Path(answer.folders["step"][precision]), home / f"package-{precision}"
        package.mkdir()
        for name in (entry["file"], *entry.get("external", {})):
            shutil.copyfile(place / name, package / name)
        entry |= {**listed(package / entry["file"])}
        write_manifest(package, {
            "format": 1, "id": f"bench-{precision}", "name": "Benchmark", "version": "1.0.0", "family": "text",
            "summary": "Random weights.", "license": "CC0-1.0", "graphs": {"step": entry}, "text": told["text"]})
    notes = answer.notes["step"].get("int4", [""])
    (home / "ready.json").write_text(json.dumps({"loss": notes[-1]}), encoding="utf-8")


def ours(order: dict[str, Any]) -> Write:
    """The engine's own family, as a recipe reaches it; tokens are numbers here, so that texts need no tokenizer."""
    from engine.controls import check_recipe
    from engine.families.registry import FAMILIES
    from engine.packages.describe import describe
    from engine.packages.manifest import load_manifest
    from engine.progress import NO_PROGRESS
    from engine.runtime.providers import Options, Runtime

    folder = Path(order["folder"]) / f"package-{order['precision']}"
    model = FAMILIES["text"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=order["threads"])))
    info = describe(folder)
    prompt = _prompt(order)
    recipe = check_recipe(info, info.default_recipe().with_values({
        "prompt": " ".join(map(str, prompt)), "temperature": 0.0, "mode": "free", "count": 1.0,
        "length": float(order["tokens"])}))

    def once() -> list[int]:
        text = model.render(recipe, NO_PROGRESS).texts[0]
        return [int(number) for number in text.split()][len(prompt):]

    return once


def theirs(order: dict[str, Any]) -> Write:
    """Transformers' `generate` with its cache; of the GRU, the loop that every tutorial writes."""
    import torch

    torch.set_num_threads(order["threads"])
    torch.set_num_interop_threads(1)
    prompt = torch.tensor([_prompt(order)])
    home = Path(order["folder"])
    if order["model"] == "gpt2":
        from transformers import GPT2LMHeadModel

        network = GPT2LMHeadModel.from_pretrained(home / "weights", dtype=torch.float32).eval()

        def once() -> list[int]:
            with torch.inference_mode():
                row = network.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                                       max_new_tokens=order["tokens"], eos_token_id=None, pad_token_id=0)[0]
            return row[prompt.shape[1]:].tolist()

        return once
    net = _gru()
    net.load_state_dict(torch.load(home / "gru.pt"))
    net.eval()

    def loop() -> list[int]:
        state, piece, written = None, prompt, []
        with torch.inference_mode():
            for _ in range(order["tokens"]):
                seen, state = net["rnn"](net["encoder"](piece.T), state)
                piece = net["decoder"](seen[-1:])[0].argmax(dim=-1)[:, None]
                written.append(int(piece))
        return written

    return loop


def _prompt(order: dict[str, Any]) -> list[int]:
    """The beginning, within the vocabulary."""
    return [token % (GRU["tokens"] if order["model"] == "gru" else 50257) for token in order["prompt"]]


def _gpt2() -> Any:
    """The architecture of GPT-2 small, 124 million numbers."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(GPT2Config(bos_token_id=None, eos_token_id=None)).eval()


def _gru() -> Any:
    """A character model of the layout of pytorch/examples."""
    from torch import nn

    width, tokens = GRU["width"], GRU["tokens"]
    return nn.ModuleDict({"encoder": nn.Embedding(tokens, width), "rnn": nn.GRU(width, width, GRU["layers"]),
                          "decoder": nn.Linear(width, tokens)})


def _serve(role: str, order: dict[str, Any]) -> None:
    """Write once and save what was written, then a text for each line until the parent hangs up."""
    write = ours(order) if role == "ours" else theirs(order)
    Path(order["folder"], f"{role}.json").write_text(json.dumps(write()), encoding="utf-8")
    print(json.dumps({"ms": 0.0}), flush=True)
    for _ in sys.stdin:
        begun = time.perf_counter()
        write()
        print(json.dumps({"ms": (time.perf_counter() - begun) * 1000}), flush=True)


def main() -> None:
    """One of the four roles."""
    role, order = sys.argv[1], json.loads(sys.stdin.readline())
    if role in ("weights", "graphs"):
        {"weights": weights, "graphs": graphs}[role](Path(order["folder"]), order["model"])
    else:
        _serve(role, order)


if __name__ == "__main__":
    main()
