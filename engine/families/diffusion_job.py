"""A recipe for a diffusion model, read once: what every stage needs, sizes made whole, remarks for a person."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engine.api import Recipe
from engine.diffusion.tiles import WRAPS, Wrap
from engine.errors import ValueProblem
from engine.families.base import count, number, sides, whole, word
from engine.families.base_picture import class_index
from engine.families.diffusion_controls import (
    INPAINT,
    SIDES,
    diffusion_of,
    fixed_size,
    guidance_port,
    multiple_of,
    stand_in,
)
from engine.packages.manifest import Manifest
from engine.prompting.axes import Axis, parse_axes
from engine.prompting.wildcards import draw


@dataclass(frozen=True)
class Source:
    """A picture to start from."""

    image: str                               # keys of the media folder
    mask: str
    strength: float
    feather: int
    restore: bool
    expand: tuple[int, int, int, int]        # pixels beyond left, top, right, bottom
    inner: tuple[int, int]                   # width and height of the picture inside the canvas


@dataclass(frozen=True)
class Job:
    """One picture to make."""

    width: int
    height: int
    steps: int
    sampler: str
    seed: int
    variation: float
    variation_seed: int
    wrap: Wrap
    guidance: float = 1.0
    prompt: str = ""
    negative: str = ""
    axes: tuple[Axis, ...] = ()
    source: Source | None = None
    condition: int | None = None
    enlarge: int = 1
    notes: tuple[str, ...] = ()

    @property
    def guided(self) -> bool:
        """Whether there is a second answer to be guided away from."""
        return self.guidance > 1


def job_of(recipe: Recipe, manifest: Manifest, classes: dict[str, int]) -> Job:
    """What the recipe asks for. Raises ValueProblem."""
    diffusion = diffusion_of(manifest)
    seed = whole(recipe, "seed")
    width, height = fixed_size(manifest) or (diffusion.side, diffusion.side)
    sampler = word(recipe, "sampler")
    job = Job(width, height, count(recipe, "steps"), sampler, seed, number(recipe, "variation"),
              whole(recipe, "variation_seed"), WRAPS[word(recipe, "tile")], notes=stand_in(manifest, sampler))
    if diffusion.kind == "ddpm":
        condition = class_index(classes, word(recipe, "kind")) if classes else None
        return replace(job, condition=condition, enlarge=int(word(recipe, "scale")))
    negative = "" if guidance_port(manifest) is not None else draw(word(recipe, "negative"), seed)
    source, (width, height), notes = _source(recipe, manifest)
    return replace(job, width=width, height=height, guidance=number(recipe, "guidance"),
                   prompt=draw(word(recipe, "prompt"), seed), negative=negative, axes=axes_of(recipe), source=source,
                   notes=(*notes, *job.notes))


def axes_of(recipe: Recipe) -> tuple[Axis, ...]:
    """The prompt sliders that are not at rest. Raises ValueProblem."""
    try:
        axes = parse_axes(word(recipe, "axes"))
    except ValueError as error:
        raise ValueProblem(str(error), "Write them as “young -> old: 0.8; calm -> wild: -0.3”.", "axes") from error
    return tuple(axis for axis in axes if axis.amount)


def _source(recipe: Recipe, manifest: Manifest) -> tuple[Source | None, tuple[int, int], tuple[str, ...]]:
    """The source picture where there is one, the canvas in whole multiples, and what had to be changed."""
    asked = sides(recipe, "size")
    diffusion = diffusion_of(manifest)
    multiple, fixed = multiple_of(diffusion), fixed_size(manifest)
    image = word(recipe, "image") if "vae_encoder" in manifest.graphs else ""
    if not image:
        canvas = fixed or _rounded(asked, multiple)
        notes = _changed(asked, canvas, multiple)
        if "vae_encoder" in manifest.graphs and word(recipe, "mask"):
            notes = (*notes, "There is no source picture, so the mask counts for nothing.")
        return None, canvas, notes
    left, top, right, bottom = (count(recipe, f"expand_{side}") for side in SIDES)
    wanted = (asked[0] + left + right, asked[1] + top + bottom)
    canvas = fixed or _roomy(asked, wanted, multiple)
    if fixed is None:                        # what rounding adds lies beyond the picture, which stays whole
        left, right = _margins(left, right, canvas[0] - wanted[0])
        top, bottom = _margins(top, bottom, canvas[1] - wanted[1])
    expand = (left, top, right, bottom)
    inner = (canvas[0] - left - right, canvas[1] - top - bottom)
    if min(inner) < diffusion.factor:
        raise ValueProblem(f"Nothing is left of the source picture on a canvas of {canvas[0]} × {canvas[1]}.",
                           "Expand it by fewer pixels, or choose a larger size.", "expand_left")
    source = Source(image, word(recipe, "mask"), number(recipe, "strength"), count(recipe, "feather"),
                    bool(recipe.values["restore"]), expand, inner)
    notes = _changed(wanted, canvas, multiple)
    if any(expand) and source.strength < 1 and diffusion.in_channels != INPAINT:
        notes = (*notes, "The picture grows: with a strength of 1 the new parts are painted freely.")
    return source, canvas, notes


def _rounded(asked: tuple[int, int], multiple: int) -> tuple[int, int]:
    """The nearest whole multiples, at least one."""
    width, height = (max(round(side / multiple), 1) * multiple for side in asked)
    return width, height


def _roomy(asked: tuple[int, int], wanted: tuple[int, int], multiple: int) -> tuple[int, int]:
    """The nearest whole multiples; upwards where the picture grows."""
    near = _rounded(asked, multiple)
    width, height = (math.ceil(large / multiple) * multiple if large > side else round_
                     for side, large, round_ in zip(asked, wanted, near, strict=True))
    return width, height


def _margins(before: int, behind: int, more: int) -> tuple[int, int]:
    """Both margins of an axis with `more` pixels shared out between those that are there."""
    if not before + behind:
        return before, behind
    first = round(more * before / (before + behind))
    return before + first, behind + more - first


def _changed(asked: tuple[int, int], canvas: tuple[int, int], multiple: int) -> tuple[str, ...]:
    if asked == canvas:
        return ()
    why = f"sides are multiples of {multiple}" if canvas[0] % multiple == 0 else "the model makes no other size"
    return (f"The size is {canvas[0]} × {canvas[1]} instead of {asked[0]} × {asked[1]}: {why}.",)
