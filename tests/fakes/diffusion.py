"""Tiny diffusers folders with random weights: Stable Diffusion 1, 2, XL, inpainting, latent consistency, DDPM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import nn

from export.quiet import quiet

WIDTH = 24           # of the text that the tiny denoisers listen to
_BLOCKS = {"down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"), "layers_per_block": 1,
           "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"), "block_out_channels": (16, 32),
           "norm_num_groups": 8, "attention_head_dim": 2}
SHALLOW = {"down_block_types": ("CrossAttnDownBlock2D",), "up_block_types": ("UpBlock2D",), "mid_block_type": None,
           "block_out_channels": (16,)}
"""A denoiser of one level, which is traced in a third of the time."""

VOCABULARY = 1000


def lively(network: nn.Module, seed: int = 7) -> nn.Module:
    """Weights that make every layer count: fresh networks have zeros for offsets and ones for gains."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, value in network.named_parameters():
            value.add_(torch.randn_like(value) * (0.1 if name.endswith("bias") or value.ndim == 1 else 0.02))
    return network.eval()


def stable_diffusion(folder: Path, kind: str = "sd1", *, channels: int = 4, guidance: int | None = None,
                     scheduler: dict[str, Any] | None = None, blocks: dict[str, Any] | None = None,
                     width: int = WIDTH) -> Path:
    """A folder of the kind "sd1", "sd2" or "sdxl" as `save_pretrained` leaves it; `blocks` changes the denoiser's."""
    with quiet():
        from diffusers import UNet2DConditionModel

        large = kind == "sdxl"
        unet: dict[str, Any] = {**_BLOCKS, **(blocks or {}), "in_channels": channels,
                                "cross_attention_dim": width * (2 if large else 1),
                                "sample_size": 8, "time_cond_proj_dim": guidance,
                                "use_linear_projection": kind != "sd1"}
        if large:
            unet |= {"addition_embed_type": "text_time", "addition_time_embed_dim": 8,
                     "projection_class_embeddings_input_dim": 6 * 8 + 20}
        lively(UNet2DConditionModel(**unet)).save_pretrained(folder / "unet")
        parts = {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
                 "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
                 "scheduler": ["diffusers", "DDIMScheduler"], "safety_checker": [None, None]}
        _vae().save_pretrained(folder / "vae")
        _text(folder / "text_encoder", "CLIPTextModel", width=width)
        if large:
            _text(folder / "text_encoder_2", "CLIPTextModelWithProjection", end=VOCABULARY - 1, width=width)
            parts["text_encoder_2"] = ["transformers", "CLIPTextModelWithProjection"]
    _tokenizer(folder / "tokenizer", "<|endoftext|>")
    if large:
        _tokenizer(folder / "tokenizer_2", "!")
        parts["tokenizer_2"] = ["transformers", "CLIPTokenizer"]
    said = {"_class_name": "DDIMScheduler", "prediction_type": "v_prediction" if kind == "sd2" else "epsilon"}
    _json(folder / "scheduler" / "scheduler_config.json", said if scheduler is None else scheduler)
    _json(folder / "model_index.json", {"_class_name": "StableDiffusionPipeline", **parts})
    return folder


def ddpm(folder: Path, *, labels: int | None = None, alone: bool = False) -> Path:
    """A DDPM pipeline's folder, or that of its network alone."""
    with quiet():
        from diffusers import UNet2DModel

        network = lively(UNet2DModel(
            sample_size=8, in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(16,),
            down_block_types=("AttnDownBlock2D",), up_block_types=("AttnUpBlock2D",),
            norm_num_groups=8, attention_head_dim=8, num_class_embeds=labels))
        network.save_pretrained(folder if alone else folder / "unet")
    if not alone:
        _json(folder / "scheduler" / "scheduler_config.json", {"_class_name": "DDPMScheduler", "clip_sample": True})
        _json(folder / "model_index.json", {"_class_name": "DDPMPipeline", "unet": ["diffusers", "UNet2DModel"],
                                            "scheduler": ["diffusers", "DDPMScheduler"]})
    return folder


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return lively(AutoencoderKL(block_out_channels=(16, 32), layers_per_block=1, norm_num_groups=8,
                                down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
                                scaling_factor=0.2))


def _text(folder: Path, name: str, end: int = 2, width: int = WIDTH) -> None:
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    config = transformers.CLIPTextConfig(vocab_size=VOCABULARY, hidden_size=width, intermediate_size=48,
                                         num_hidden_layers=3, num_attention_heads=4, projection_dim=20,
                                         max_position_embeddings=77, eos_token_id=end)
    lively(getattr(transformers, name)(config)).save_pretrained(folder)


def _tokenizer(folder: Path, filler: str) -> None:
    """Letters, letters at the end of a word, three pairs and a comma."""
    letters = "abcdefghijklmnopqrstuvwxyz!"
    words = [*letters, *(f"{letter}</w>" for letter in letters), "ca", "cat</w>", "at</w>", ",</w>"]
    table = {word: number for number, word in enumerate(words)}
    table |= {"<|startoftext|>": VOCABULARY - 2, "<|endoftext|>": VOCABULARY - 1}
    _json(folder / "vocab.json", table)
    (folder / "merges.txt").write_text("#version: 0.2\nc a\nca t</w>\na t</w>\n", encoding="utf-8")
    _json(folder / "tokenizer_config.json", {"pad_token": filler, "model_max_length": 77})


def _json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
