"""Stable Diffusion 1.5 at full size, as it comes out of conversion, against eager torch: denoiser, text, VAE decoder.

Random weights in the shapes of the public model: what is timed does not depend on their values. Converting takes
minutes and 8 GB of disk; the graphs stay in the system’s temporary folder, so that a second run only measures.
`--pairs 6` is enough: one step of the denoiser takes seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Bench, Row, main
from benchmarks.versus import Match, contest
from export.adapters.base import Part, Slot

KEPT = Path(tempfile.gettempdir()) / "latent-atelier-benchmark"
UNET = {"sample_size": 64, "block_out_channels": (320, 640, 1280, 1280), "cross_attention_dim": 768,
         "attention_head_dim": 8}
VAE = {"sample_size": 512, "block_out_channels": (128, 256, 512, 512), "layers_per_block": 2, "latent_channels": 4,
        "down_block_types": ("DownEncoderBlock2D",) * 4, "up_block_types": ("UpDecoderBlock2D",) * 4}
TEXT = {"vocab_size": 49408, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
         "num_attention_heads": 12, "max_position_embeddings": 77, "hidden_act": "quick_gelu", "eos_token_id": 2}
# Role, words, precision, free sizes of the measured call, what is promised, how far apart the sides may be.
_ROWS: tuple[tuple[str, str, str, dict[str, int], float | None, float], ...] = (
    ("vae_decoder", "VAE decoder, 128 px", "fp32", {"height": 16, "width": 16}, None, 1e-3),
    ("vae_decoder", "VAE decoder, 128 px", "int8", {"height": 16, "width": 16}, 3.8, 0.5),
    ("text_encoder", "CLIP text encoder", "fp32", {}, None, 1e-3),
    ("text_encoder", "CLIP text encoder", "int8", {}, 6.0, 0.5),
    ("unet", "SD 1.5 UNet, 256 px", "fp32", {"height": 32, "width": 32}, 2.4, 1e-3),
)


def measure(bench: Bench) -> list[Row]:
    """One row for each network and precision: calls a second, how many times as many as torch."""
    return [measured(number, bench) for number in range(len(_ROWS))]


def measured(number: int, bench: Bench) -> Row:
    """The row of that number, converted first where no earlier run has left its graph."""
    role, words, precision, sizes, target, same = _ROWS[number]
    made = converted(role, tuple(dict.fromkeys(one[2] for one in _ROWS if one[0] == role)))
    match = Match(f"{words}, {precision}", f"benchmarks.convert_diffusion:{role}", sizes=sizes, target=target,
                  graph=made[precision]["path"], same=same)
    measured = contest(match, threads=bench.threads, pairs=min(bench.pairs, 12))
    return replace(measured, note=f"{measured.note}; {made[precision]['note']}")


def converted(role: str, precisions: tuple[str, ...]) -> Mapping[str, Any]:
    """Precision -> path and note of the graph of `role`, from an earlier run or made now in other processes."""
    folder = KEPT / role
    paper = folder / "made.json"
    if not paper.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "benchmarks.convert_diffusion_child", role, str(folder)], check=True)
        paper.write_text(json.dumps(_forms(role, folder, precisions)), encoding="utf-8")
    return dict(json.loads(paper.read_text(encoding="utf-8")))


def _forms(role: str, folder: Path, precisions: tuple[str, ...]) -> dict[str, Any]:
    """All precisions of a traced graph, and what the proof says of them."""
    from export.precision.request import made, wish
    from export.proof.ask import proved, subjects

    traced = json.loads((folder / "traced.json").read_text(encoding="utf-8"))
    reference = folder / role / "reference.json"
    answer = made((wish(role, folder, traced["graph"], reference, precisions),), folder / "precisions")
    figures = proved(subjects({role: reference}, answer), folder / "proof", providers=("cpu",)).parts[0]
    found = {}
    for precision, graph in answer.graphs[role].items():
        outcome = next(iter(figures.outcomes[precision].values()))
        said = [*answer.notes[role].get(precision, []), *outcome.faults,
                *(f"{name} off by {output.relative:.2g}" for name, output in outcome.outputs.items())]
        if outcome.picture is not None:
            said.append(f"pictures off by {outcome.picture.mean:.2f}/255 on average")
        if precision == "fp32":
            said.append(f"torch held {figures.torch_peak_mb:.0f} MB at most, weights {traced['weights_mb']:.0f} MB")
        found[precision] = {"path": str(Path(answer.folders[role][precision]) / graph["file"]),
                            "note": "; ".join(said)}
    return found


def unet() -> Part:
    """The denoiser of Stable Diffusion 1.5, 860 million weights."""
    from export.adapters.stable_diffusion_parts import unet_part
    from export.nets.diffusion_unet import TextDenoiser

    network = random_network("UNet2DConditionModel", UNET)
    text = Slot("encoder_hidden_states", "float32", ("batch", 77, 768))
    return unet_part(TextDenoiser(network).eval(), dict(network.config), (text,))


def text_encoder() -> Part:
    """CLIP ViT-L/14's text half, 123 million weights."""
    from export.adapters.stable_diffusion_parts import text_part
    from export.nets.diffusion_text import TextEncoder, TextReference

    network = random_network("CLIPTextModel", TEXT)
    modules = TextEncoder(network, penultimate=False).eval(), TextReference(network, penultimate=False).eval()
    return text_part("text_encoder", modules, {"vocabulary": 49408, "width": 768}, penultimate=False)


def vae_decoder() -> Part:
    """The auto-encoder's second half, 49 million weights."""
    from export.adapters.stable_diffusion_parts import decoder_part
    from export.nets.diffusion_vae import PictureDecoder

    return decoder_part(PictureDecoder(random_network("AutoencoderKL", VAE)).eval(), 4, 3, 0.18215)


def random_network(kind: str, config: Mapping[str, Any]) -> Any:
    """The network with weights that keep numbers in the range of real ones: every layer's answer is about 1 wide."""
    from export.checkpoint.source import Checkpoint, TensorRef
    from export.nets.diffusion_build import assembled, empty

    shapes = {name: tuple(value.shape) for name, value in empty(kind, config).state_dict().items()}

    def draw(name: str, shape: tuple[int, ...]) -> Callable[[], Any]:
        def load() -> Any:
            dice = np.random.default_rng(zlib.crc32(name.encode()))
            if len(shape) == 1:
                return dice.normal(1.0 if name.endswith("weight") else 0.0, 0.05, shape).astype(np.float32)
            spread = 0.02 if "embedding" in name and kind == "CLIPTextModel" else 1 / np.sqrt(np.prod(shape[1:]))
            spread *= 0.3 if name == "decoder.conv_out.weight" else 1.0   # pictures in -1 .. 1
            return dice.standard_normal(shape, np.float32) * np.float32(spread)

        return load

    refs = {name: TensorRef(name, "float32", shape, draw(name, shape)) for name, shape in shapes.items()}
    return assembled(kind, config, Checkpoint(Path("random"), "safetensors", refs, "sha256:" + "0" * 64, 0))


if __name__ == "__main__":
    main(measure, __doc__)
