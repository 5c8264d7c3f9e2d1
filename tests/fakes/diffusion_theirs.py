"""`python -m tests.fakes.diffusion_theirs FOLDER MODEL...`: tiny models, our packages of them, and diffusers' answers.

For each model: FOLDER/<model>/model as diffusers saves it, FOLDER/<model>/package as our converter packs it, and
FOLDER/<case>.npz with the final latent and the picture of each case. PyTorch lives here, ONNX Runtime does not.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from export.quiet import quiet
from tests.fakes.diffusion import SHALLOW, ddpm, stable_diffusion
from tests.fakes.diffusion_cases import CASES, CLASSES, KINDS, MORE, SIZE, Case


def main(folder: Path, models: list[str]) -> None:
    """Make and run all cases of these models."""
    torch.set_num_threads(1)
    pictures(folder)
    for model in models:
        home = folder / model / "model"
        made = dict(KINDS[model])
        if made["kind"] == "ddpm":
            ddpm(home)
        else:
            stable_diffusion(home, **made, blocks=SHALLOW)
        package(home, folder)
        for name, case in CASES.items():
            if case.model == model:
                np.savez(folder / f"{name}.npz", **answer(home, case, folder))


def pictures(folder: Path) -> None:
    """A source picture and a mask of the size that all runs have."""
    dice = np.random.default_rng(4)
    large = dice.integers(0, 255, (4, 6, 3)).astype(np.uint8)
    Image.fromarray(large).resize(SIZE, Image.Resampling.BICUBIC).save(folder / "source.png")
    mask = np.zeros(SIZE[::-1], np.uint8)
    mask[6:21, 11:40] = 255
    Image.fromarray(mask).save(folder / "mask.png")


def package(home: Path, folder: Path) -> None:
    """What `atelier export` makes of it, without the proof and the preview (its own tests are elsewhere)."""
    from export.adapters.registry import by_name, recognised
    from export.checkpoint.open import open_source
    from export.pack import Graphs, Words, pack
    from export.trace import trace

    source = open_source(home)
    detection = recognised(source)
    built = by_name(detection.adapter).build(source, detection)
    entries, places = {}, {}
    for part in built.parts:
        graph = known(part, folder, trace)
        entries[part.role], places[part.role] = graph.graph, graph.path.parent
    name = home.parent.name
    pack(home.parent / "package", built, detection, Graphs(entries, places), Words(name, name, "", "CC0-1.0", "tests"),
         preview=False)


_TRACED: dict[tuple[Any, ...], Any] = {}


def known(part: Any, folder: Path, trace: Any) -> Any:
    """Its graph; parts of equal weights (text encoder, VAE) are traced once, which takes seconds."""
    key = part.role, part.outputs, float(sum(value.double().abs().sum() for value in part.module.state_dict().values()))
    if key not in _TRACED:
        place = folder / "graphs" / f"{part.role}-{len(_TRACED)}"
        place.mkdir(parents=True)
        _TRACED[key] = trace(part, place)
    return _TRACED[key]


def answer(home: Path, case: Case, folder: Path) -> dict[str, Any]:
    """Final latent and picture uint8 [height, width, 3] as diffusers makes them."""
    pipe = pipeline(home, case)
    dice = torch.Generator("cpu").manual_seed(case.values["seed"])
    steps = int(case.values["steps"])
    if case.model == "ddpm":
        pixels = pipe(generator=dice, num_inference_steps=steps, output_type="np").images[0]
        return {"latent": (pixels * 2 - 1).transpose(2, 0, 1)[None], "picture": rounded(pixels)}
    told: dict[str, Any] = {"prompt": case.values["prompt"], "generator": dice, "num_inference_steps": steps,
                            "guidance_scale": case.values["guidance"], "output_type": "latent", **case.told}
    if not case.model.startswith("lcm"):
        told["negative_prompt"] = case.values["negative"] or None
    if case.read:
        told = {key: value for key, value in told.items() if key not in ("prompt", "negative_prompt")}
        told |= in_stretches(pipe, case)
    if "Img2Img" not in case.pipeline:
        told |= {"width": SIZE[0], "height": SIZE[1]}
    if case.source:
        told |= {"image": Image.open(folder / "source.png"), "strength": case.values["strength"]}
    if case.mask:
        told["mask_image"] = Image.open(folder / "mask.png")
    latent = pipe(**told).images
    with torch.no_grad():
        decoded = pipe.vae.decode(latent / pipe.vae.config.scaling_factor).sample
    return {"latent": latent.numpy(), "picture": rounded((decoded[0] / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).numpy())}


def in_stretches(pipe: Any, case: Case) -> dict[str, torch.Tensor]:
    """What the pipeline makes of each stretch, one after the other; as a whole, what the first one says."""
    told: dict[str, torch.Tensor] = {}
    for name, start in (("prompt", ""), ("negative", "negative_")):
        said = [pipe.encode_prompt(prompt=text, device="cpu", num_images_per_prompt=1,
                                   do_classifier_free_guidance=False) for text in case.read[name]]
        told[f"{start}prompt_embeds"] = torch.cat([one[0] for one in said], dim=1)
        if case.model == "sdxl":
            told[f"{start}pooled_prompt_embeds"] = said[0][2]
    return told


def pipeline(home: Path, case: Case) -> Any:
    """The pipeline of the case from what lies in the folder, with the scheduler that the recipe names."""
    with quiet():
        import diffusers

        base = getattr(diffusers, "DDPMScheduler" if case.model == "ddpm" else
                       KINDS[case.model]["scheduler"]["_class_name"])
        config = base.from_pretrained(home, subfolder="scheduler").config
        sampler = case.values["sampler"]
        scheduler = getattr(diffusers, CLASSES[sampler]).from_config(config, **MORE.get(sampler, {}))
        if case.model == "ddpm":
            made = getattr(diffusers, case.pipeline)(unet=parts(home)["unet"], scheduler=scheduler)
        else:
            extra = {} if case.model == "sdxl" else {"safety_checker": None, "feature_extractor": None,
                                                     "requires_safety_checker": False}
            made = getattr(diffusers, case.pipeline)(**parts(home), scheduler=scheduler, **extra)
        made.set_progress_bar_config(disable=True)
        return made


@functools.lru_cache(maxsize=1)
def parts(home: Path) -> dict[str, Any]:
    """The networks and tokenizers of a folder."""
    import diffusers
    import transformers

    if not (home / "vae").exists():
        return {"unet": diffusers.UNet2DModel.from_pretrained(home / "unet")}
    found = {"unet": diffusers.UNet2DConditionModel.from_pretrained(home / "unet"),
             "vae": diffusers.AutoencoderKL.from_pretrained(home / "vae"),
             "text_encoder": transformers.CLIPTextModel.from_pretrained(home / "text_encoder"),
             "tokenizer": transformers.CLIPTokenizer.from_pretrained(home / "tokenizer")}
    if (home / "text_encoder_2").exists():
        found["text_encoder_2"] = transformers.CLIPTextModelWithProjection.from_pretrained(home / "text_encoder_2")
        found["tokenizer_2"] = transformers.CLIPTokenizer.from_pretrained(home / "tokenizer_2")
    return found


def rounded(pixels: np.ndarray) -> np.ndarray:
    """0 .. 1 as uint8, as diffusers' image processor does it."""
    return (pixels * 255).round().astype(np.uint8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
