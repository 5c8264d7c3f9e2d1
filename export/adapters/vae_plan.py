"""How a VAE runs, as far as its weights tell: decoder and encoder plans that agree with each other, and habits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from export.adapters.planning import Habits, Plan, decoders, set_by_hand
from export.adapters.planning_encoder import encoders
from export.adapters.vae_names import Roles, roles_of
from export.checkpoint.source import Checkpoint
from export.nets.steps import ActivationWord, Steps

OPEN = ("activation", "slope", "output", "eps", "side", "low", "high")
"""What a person may set because the weights leave it open."""
USUAL_SIDES = (28, 56, 96, 112, 192, 224, 384)
_RANGES: dict[ActivationWord, tuple[float, float]] = {"sigmoid": (0.0, 1.0)}


@dataclass(frozen=True)
class VaePlan:
    """Everything that is needed to build it. `trunk` is the encoder up to its heads, None where there is none."""

    roles: Roles
    layout: str
    habits: Habits
    picture: Plan
    trunk: Steps | None

    @property
    def range(self) -> tuple[float, float]:
        """Black and white of its pictures."""
        return _RANGES.get(self.habits.output, (-1.0, 1.0))


def planned(source: Checkpoint, settings: Mapping[str, Any]) -> VaePlan | None:
    """The likeliest plan; `settings` overrule habits. None where the weights are no VAE, or no plan fits them."""
    roles = roles_of(source)
    if roles is None or roles.latent <= 0:
        return None
    layout, usual = _layout(source)
    habits = set_by_hand(usual, settings)
    found = [plan for plan in _candidates(roles, layout, habits)
             if plan.picture.side == settings.get("side", plan.picture.side)]
    return max(found, key=_likelihood, default=None)  # of equals the first


def _candidates(roles: Roles, layout: str, habits: Habits) -> Iterator[VaePlan]:
    """Plans of the decoder, each with the first encoder that fits it."""
    for padded in (True, False):
        for picture in decoders(roles.decoder, roles.inputs, replace(habits, padded=padded)):
            trunk = _trunk(roles, picture, replace(habits, padded=padded))
            yield VaePlan(roles, layout, habits, picture, trunk)


def _trunk(roles: Roles, picture: Plan, habits: Habits) -> Steps | None:
    """The first encoder plan that leads from the decoder's picture to the heads."""
    if roles.mean is None:
        return None
    for padded in dict.fromkeys((habits.padded, True, False)):
        plans = encoders(roles.encoder, roles.mean, picture, replace(habits, padded=padded))
        for trunk in islice(plans, 1):
            return trunk
    return None


def _likelihood(plan: VaePlan) -> tuple[bool, bool]:
    """An encoder that fits says most, then a side that people use."""
    side = plan.picture.side
    return plan.trunk is not None, side & (side - 1) == 0 or side in USUAL_SIDES


def _layout(source: Checkpoint) -> tuple[str, Habits]:
    """The public layout that the names are known from, and what its programs do."""
    names = set(source)
    if "decoder_input.weight" in names and any(name.startswith("final_layer.") for name in names):
        return ("encoder / fc_mu / fc_var / decoder_input / decoder / final_layer",
                Habits("leaky", 0.01, "tanh", enter=False))
    if "fc21.weight" in names:
        return "fc1 / fc21 / fc22 / fc3 / fc4", Habits(output="sigmoid")
    return "encoder and decoder by name", Habits(output="sigmoid", enter="decoder_input.weight" not in names)
