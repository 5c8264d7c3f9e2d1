"""`python -m tests.fakes.diffusion_layouts FOLDER`: one tiny pipeline as other exporters write it, and its pictures.

FOLDER/optimum and FOLDER/diffusers hold ONNX files traced by PyTorch as those exporters do, with their names, ranks
and number types; FOLDER/text.npz and FOLDER/picture.npz what diffusers makes of the same networks.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from export.quiet import quiet
from tests.fakes.diffusion import SHALLOW, VOCABULARY, _tokenizer, lively
from tests.fakes.diffusion_cases import NEGATIVE, PROMPT, SD1

SIDES = (128, 64)
STEPS, GUIDANCE, SEED, STRENGTH = 5, 4.0, 9, 0.6
_BATCH = {0: "batch"}
_CELLS = {0: "batch", 2: "height", 3: "width"}


class Told(nn.Module):
    """A network whose answer is a tuple of plain tensors."""

    def __init__(self, network: nn.Module, answer: Any) -> None:
        super().__init__()
        self.network, self.answer = network, answer

    def forward(self, *given: torch.Tensor) -> Any:
        """What the answer makes of the network and the inputs."""
        return self.answer(self.network, *given)


def networks() -> dict[str, Any]:
    """The parts of SD 1 in its usual width of text and with its usual eight pixels a cell, all else tiny."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    unet = UNet2DConditionModel(**SHALLOW, layers_per_block=1, norm_num_groups=8, attention_head_dim=2,
                                cross_attention_dim=768, sample_size=64)
    vae = AutoencoderKL(block_out_channels=(8,) * 4, layers_per_block=1, norm_num_groups=4, sample_size=64,
                        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
    text = CLIPTextModel(CLIPTextConfig(vocab_size=VOCABULARY, hidden_size=768, intermediate_size=48,
                                        num_hidden_layers=1, num_attention_heads=4, eos_token_id=2))
    return {"unet": lively(unet), "vae": lively(vae), "text_encoder": lively(text)}


def traced(path: Path, module: nn.Module, given: tuple[Any, ...], inputs: dict[str, Any],
           outputs: dict[str, Any]) -> None:
    """The graph as PyTorch's older exporter writes it, which those programs use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(module, given, str(path), input_names=list(inputs), output_names=list(outputs),
                      dynamic_axes={name: axes for name, axes in {**inputs, **outputs}.items() if axes},
                      opset_version=17, dynamo=False, do_constant_folding=True)


def written(folder: Path, parts: dict[str, Any], *, optimum: bool) -> None:
    """All parts in one layout."""
    ids = torch.randint(0, VOCABULARY - 2, (1, 77), dtype=torch.int64 if optimum else torch.int32)
    sample, hidden = torch.randn(2, 4, 8, 16), torch.randn(2, 77, 768)
    moment = torch.tensor(7) if optimum else torch.tensor([7.0])
    traced(folder / "text_encoder" / "model.onnx",
           Told(parts["text_encoder"], lambda net, x: tuple(net(x.long(), return_dict=False)[:2])), (ids,),
           {"input_ids": _BATCH}, {"last_hidden_state": _BATCH, "pooler_output": _BATCH})
    traced(folder / "unet" / "model.onnx", Told(parts["unet"], lambda net, x, t, h: net(x, t, h, return_dict=False)[0]),
           (sample, moment, hidden), {"sample": _CELLS, "timestep": None if optimum else {0: "batch"},
                                      "encoder_hidden_states": _BATCH}, {"out_sample": _CELLS})
    traced(folder / "vae_decoder" / "model.onnx",
           Told(parts["vae"], lambda net, x: net.decode(x, return_dict=False)[0]), (torch.randn(1, 4, 8, 16),),
           {"latent_sample": _CELLS}, {"sample": _CELLS})
    if optimum:
        traced(folder / "vae_encoder" / "model.onnx",
               Told(parts["vae"], lambda net, x: net.encode(x).latent_dist.parameters), (torch.randn(1, 3, 64, 128),),
               {"sample": _CELLS}, {"latent_parameters": _CELLS})
        said(folder / "unet" / "config.json", dict(parts["unet"].config))
        said(folder / "vae_decoder" / "config.json", dict(parts["vae"].config))
    said(folder / "scheduler" / "scheduler_config.json", SD1)
    name = "StableDiffusionPipeline" if optimum else "OnnxStableDiffusionPipeline"
    said(folder / "model_index.json", {"_class_name": name, "scheduler": ["diffusers", "DDIMScheduler"]})
    _tokenizer(folder / "tokenizer", "<|endoftext|>")


def said(path: Path, value: dict[str, Any]) -> None:
    """JSON where other programs look for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({key: one for key, one in value.items() if not key.startswith("_") or
                                key == "_class_name"}, default=str), encoding="utf-8")


def answered(folder: Path, parts: dict[str, Any]) -> None:
    """diffusers' own pictures: from a prompt alone, and from a picture."""
    import diffusers
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folder / "optimum" / "tokenizer")
    scheduler = diffusers.DDIMScheduler(**{key: value for key, value in SD1.items() if key != "_class_name"})
    source = np.random.default_rng(4).integers(0, 255, (8, 16, 3)).astype(np.uint8)
    Image.fromarray(source).resize(SIDES, Image.Resampling.BICUBIC).save(folder / "source.png")
    told: dict[str, Any] = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "num_inference_steps": STEPS,
                            "guidance_scale": GUIDANCE, "output_type": "np"}
    begun = {"text": {"width": SIDES[0], "height": SIDES[1]},
             "picture": {"image": Image.open(folder / "source.png"), "strength": STRENGTH}}
    for name, kind in (("text", "StableDiffusionPipeline"), ("picture", "StableDiffusionImg2ImgPipeline")):
        pipe = getattr(diffusers, kind)(**parts, tokenizer=tokenizer, scheduler=scheduler, safety_checker=None,
                                        feature_extractor=None, requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
        dice = torch.Generator("cpu").manual_seed(SEED)
        pixels = pipe(**told, **begun[name], generator=dice).images[0]
        np.savez(folder / f"{name}.npz", picture=(pixels * 255).round().astype(np.uint8))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    with quiet(), torch.no_grad():
        made = networks()
        written(place / "optimum", made, optimum=True)
        written(place / "diffusers", made, optimum=False)
        answered(place, made)
