"""The controls of StyleGAN2 packages, as data."""

from __future__ import annotations

from engine.api import Choice, Control, ControlKind
from engine.controls import SEED_LIMIT
from engine.families import base_controls as shared
from engine.packages.manifest import Manifest
from engine.packages.parts import Latent, StyleGAN2

CONST, RANDOM, NONE = "const", "random", "none"

_MIXING, _NOISE = "Mixing", "Noise"


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All that the package lets a person set, in the panel's order. Raises PackageError for unusable defaults."""
    latent = manifest.latent or Latent(dim=1)
    sizes = manifest.stylegan2 or StyleGAN2(w_dim=1, rows=1)
    spaces = {"z": latent.dim, "w": sizes.w_dim, "w+": sizes.rows * sizes.w_dim}
    controls = (
        *shared.classes(manifest, sizes.classes), *shared.directions(manifest), *shared.seed_plane(spaces),
        *_truncation(latent, sizes.rows), *(_mixing(sizes.rows) if sizes.rows > 1 else ()),
        *(_noise() if sizes.noise else ()), shared.enlarging(manifest))
    return shared.with_defaults(controls, manifest)


def _truncation(latent: Latent, rows: int) -> tuple[Control, ...]:
    """How far from the mean picture, and on which layers."""
    return (
        Control("psi", ControlKind.SLIDER, "Truncation", latent.truncation, shared.SEED,
                "How far from the mean picture (ψ): 0 is the mean itself, 1 leaves everything as it is, above 1 "
                "exaggerates, below 0 is the opposite.",
                minimum=-1.0, maximum=2.0, step=0.01, low="Opposite", high="Extreme", labels={"zh_CN": "截断"}),
        Control("cutoff", ControlKind.SLIDER, "Truncated layers", float(rows), shared.SEED,
                "How many layers, from the coarsest on, the truncation works on; the finer ones keep their character.",
                minimum=0.0, maximum=float(rows), step=1, low="None", high="All", labels={"zh_CN": "截断层数"}),
    )


def _mixing(rows: int) -> tuple[Control, ...]:
    """A second seed that lends its style to some of the layers."""
    last = float(rows - 1)
    layer = "Coarse layers hold pose and shape, fine ones colour and texture."
    return (
        Control("mix_amount", ControlKind.SLIDER, "Mix", 0.0, _MIXING,
                "How much of a second seed's style the layers below take over.",
                minimum=0.0, maximum=1.0, step=0.01, low="Nothing", high="All of it", labels={"zh_CN": "混合"}),
        Control("mix_seed", ControlKind.SEED, "Second seed", 1, _MIXING, "The seed whose style is taken over.",
                minimum=0, maximum=SEED_LIMIT - 1, step=1, labels={"zh_CN": "第二种子"}),
        Control("mix_from", ControlKind.SLIDER, "From layer", float(rows // 2), _MIXING,
                f"The first layer that takes it over. {layer}",
                minimum=0.0, maximum=last, step=1, low="Coarse", high="Fine", labels={"zh_CN": "起始层"}),
        Control("mix_to", ControlKind.SLIDER, "To layer", last, _MIXING,
                f"The last layer that takes it over. {layer}",
                minimum=0.0, maximum=last, step=1, low="Coarse", high="Fine", labels={"zh_CN": "结束层"}),
    )


def _noise() -> tuple[Control, ...]:
    """The grain that draws hair, leaves and other things without a place of their own."""
    return (
        Control("noise", ControlKind.CHOICE, "Noise", CONST, _NOISE,
                "The fine grain of the picture: as it was stored with the model, drawn from a seed, or none.",
                choices=(Choice(CONST, "Stored", {"zh_CN": "固定"}), Choice(RANDOM, "From a seed", {"zh_CN": "随机"}),
                         Choice(NONE, "None", {"zh_CN": "无"})), labels={"zh_CN": "噪声"}),
        Control("noise_seed", ControlKind.SEED, "Noise seed", 0, _NOISE, "The number of a grain.",
                minimum=0, maximum=SEED_LIMIT - 1, step=1, labels={"zh_CN": "噪声种子"},
                shown_when=("noise", (RANDOM,))),
        Control("noise_strength", ControlKind.SLIDER, "Noise strength", 1.0, _NOISE, "How strong the grain is.",
                minimum=0.0, maximum=2.0, step=0.01, low="Smooth", high="Rough", labels={"zh_CN": "噪声强度"},
                shown_when=("noise", (CONST, RANDOM))),
    )
