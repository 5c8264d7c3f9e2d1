"""Denoisers of diffusers with plain tensors in and one plain tensor out.

Ho, Jain and Abbeel (2020) for DDPM, Rombach et al. (2022) for latent diffusion, Podell et al. (2023) for SDXL.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class PlainDenoiser(nn.Module):
    """DDPM: a noisy picture and its time."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor) -> tuple[torch.Tensor]:
        """Sample [batch, channels, height, width], timestep [batch] -> noise, of the sample's shape."""
        return (self.network(sample, timestep, return_dict=False)[0],)


class ClassDenoiser(PlainDenoiser):
    """The same for one of several classes."""

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor,  # type: ignore[override]
                condition: torch.Tensor) -> tuple[torch.Tensor]:
        """Condition [batch] counts classes."""
        return (self.network(sample, timestep, class_labels=condition, return_dict=False)[0],)


class TextDenoiser(nn.Module):
    """Stable Diffusion 1 and 2: a noisy latent, its time, and the text's vectors."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor,
                encoder_hidden_states: torch.Tensor) -> tuple[torch.Tensor]:
        """Sample [batch, channels, height, width], timestep [batch], text [batch, words, width] -> noise, velocity."""
        return (self.network(sample, timestep, encoder_hidden_states, return_dict=False)[0],)


class GuidedDenoiser(TextDenoiser):
    """Latent consistency models of that kind: the strength of guidance is an input as well."""

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor,  # type: ignore[override]
                encoder_hidden_states: torch.Tensor, timestep_cond: torch.Tensor) -> tuple[torch.Tensor]:
        """As before; timestep_cond [batch, width] is the embedded strength."""
        return (self.network(sample, timestep, encoder_hidden_states, timestep_cond=timestep_cond,
                             return_dict=False)[0],)


class LargeDenoiser(nn.Module):
    """SDXL: also the pooled text and six sizes."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor,
                text_embeds: torch.Tensor, time_ids: torch.Tensor) -> tuple[torch.Tensor]:
        """text_embeds [batch, width], time_ids [batch, 6]: original height and width, crop top and left, target."""
        added = {"text_embeds": text_embeds, "time_ids": time_ids}
        return (self.network(sample, timestep, encoder_hidden_states, added_cond_kwargs=added, return_dict=False)[0],)
