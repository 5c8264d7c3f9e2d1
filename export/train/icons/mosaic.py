"""The flow: a latent on its way from noise to an icon, worked out exactly from the drawings instead of learned.

On the straight path of flow matching (Lipman et al. 2023) the best velocity at a point x and time t is
(D - x) / (1 - t), where D is the mean of all drawings, each weighted by how likely x came from it: the weight of
drawing z is exp(-|x - t z|² / 2 (1 - t)²). Followed to its end that only copies. Kamb and Ganguli (2024) showed that
a convolutional net differs in one thing: every place is judged by what lies in a window around it alone, so that the
result is a mosaic of parts of many drawings, coherent as far as the windows overlap. That is done here, with two
windows: a wide one first, for the whole, then a narrow one, for the parts. A prompt is a prior over the drawings.

That alone still copies where a prompt has a drawing of its own. So no drawing may hold more than its share of the
places: where one leads in more, it (and its twins, since sets draw some things alike) is meant less, everywhere by the
same amount, until it leads in no more than that. What it loses first are the places where others fit nearly as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.train.icons.autoencoder import CHANNELS, GRID

CELLS: Final = GRID * GRID
_WIDE: Final = 5
_NARROW: Final = 3
_END: Final = 0.03
"""Closer to the end than this the path is not followed more exactly: latents are stored in eight bits."""

_TWINS: Final = 0.5
"""Drawings nearer than this (mean squared difference of latents of unit variance) count as one drawing."""
_NEVER: Final = -1e30
_TIE: Final = 0.01


@dataclass(frozen=True)
class Manner:
    """How freely parts are put together: until `wide` (0..1) whole drawings count, `faith` weighs the words.

    `share` is the number of the 36 places that one drawing may hold.
    """

    id: str
    label: str
    chinese: str
    wide: float
    faith: float
    share: int


MANNERS: Final = (
    Manner("balanced", "Balanced", "均衡", 0.4, 20.0, 18),
    Manner("classic", "Known drawings, redrawn", "重画已有图标", 0.7, 30.0, CELLS),
    Manner("free", "Free, small parts of many drawings", "自由，取多图之小块", 0.0, 18.0, 9),
)


@dataclass(frozen=True)
class Memory:
    """The drawings: latents [n, 16, 6, 6], and phrases [m, 384] of unit length with the drawing each speaks of."""

    latents: Tensor
    phrases: Tensor
    owners: Tensor


class Mosaic(nn.Module):
    """sample [batch, 16, 6, 6], time [batch], prompt [batch, 384], condition int64 [batch] -> velocity like sample."""

    phrases: Tensor
    phrase_scales: Tensor
    owners: Tensor
    drawings: Tensor
    drawing_scales: Tensor
    wide: Tensor
    faith: Tensor
    share: Tensor

    def __init__(self, memory: Memory, nearest: int = 256) -> None:
        """`nearest` phrases of a prompt are considered; none of the rest would weigh anything."""
        super().__init__()
        self.nearest = min(nearest, len(memory.phrases))
        phrases, scales = in_eight_bits(memory.phrases)
        self.register_buffer("phrases", phrases)
        self.register_buffer("phrase_scales", scales)
        self.register_buffer("owners", memory.owners.long())
        drawings, scales = in_eight_bits(memory.latents.flatten(1))
        self.register_buffer("drawings", drawings)
        self.register_buffer("drawing_scales", scales)
        self.register_buffer("wide", torch.tensor([manner.wide for manner in MANNERS]))
        self.register_buffer("faith", torch.tensor([manner.faith for manner in MANNERS]))
        self.register_buffer("share", torch.tensor([manner.share for manner in MANNERS]))

    def forward(self, sample: Tensor, time: Tensor, prompt: Tensor, condition: Tensor) -> Tensor:
        """The velocity. A prompt of zeros likes all drawings alike, and takes some of them."""
        return self.velocity(sample, time, self.recall(prompt), condition)

    def recall(self, prompt: Tensor) -> tuple[Tensor, Tensor]:
        """What comes to mind at a prompt: drawings [batch, cell, channel, nearest] and how much less they are meant."""
        likeness = (prompt @ self.phrases.float().T) * self.phrase_scales[:, 0]
        best, places = likeness.topk(self.nearest, dim=1)
        owners = self.owners[places]
        drawings = self.drawings[owners].float() * self.drawing_scales[owners]
        by_cell = drawings.view(-1, self.nearest, CHANNELS, CELLS).permute(0, 3, 2, 1)
        return by_cell, best - best[:, :1]

    def velocity(self, sample: Tensor, time: Tensor, recalled: tuple[Tensor, Tensor], condition: Tensor) -> Tensor:
        """The velocity towards the drawings that came to mind."""
        by_cell, behind = recalled
        prior = self.faith[condition][:, None] * behind
        x = sample.flatten(2).transpose(1, 2)[:, :, None]                                # batch, cell, 1, channel
        moment = time[:, None, None]
        apart = moment * (moment * by_cell.square().sum(2) - 2.0 * (x @ by_cell)[:, :, 0])
        apart = apart.transpose(1, 2).unflatten(2, (GRID, GRID))                         # batch, drawing, row, column
        early = (time < self.wide[condition])[:, None, None, None]
        apart = torch.where(early, _around(apart, _WIDE), _around(apart, _NARROW)).flatten(2)
        left = (1.0 - moment).clamp_min(_END)
        likely = prior[:, :, None] - apart / (2.0 * left * left)                         # batch, drawing, cell
        weights = torch.softmax(_shared_out(likely, by_cell, self.share[condition]), dim=1)
        wanted = (by_cell @ weights.transpose(1, 2)[..., None])[..., 0].transpose(1, 2)
        return (wanted.reshape(sample.shape) - sample) / left[..., None]


def in_eight_bits(rows: Tensor) -> tuple[Tensor, Tensor]:
    """[n, width] as int8 levels and a scale a row, [n, 1]."""
    scales = rows.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
    return torch.round(rows / scales).to(torch.int8), scales


def _shared_out(likely: Tensor, by_cell: Tensor, most: Tensor) -> Tensor:
    """`likely` with the leading drawing and its twins lowered so far that they lead in at most `most` [batch] cells."""
    twins = _twins(by_cell)
    # Late on, shares are whole numbers: of those that lead alike, the one that fits better everywhere leads.
    fit = likely.mean(2)
    behind = torch.log1p(fit.amax(dim=1, keepdim=True) - fit)
    held = (twins.float() @ torch.softmax(likely, dim=1).sum(2)[..., None])[..., 0]
    lead = (held - _TIE * behind).argmax(1)[:, None, None]
    leading = twins.gather(1, lead.expand(-1, 1, twins.shape[2])).transpose(1, 2)        # batch, drawing, 1
    theirs = likely.masked_fill(~leading, _NEVER).amax(1)
    others = likely.masked_fill(leading, _NEVER).amax(1)
    ahead = (theirs - others).sort(dim=1, descending=True).values
    edge = functional.pad(ahead, (0, 1)).gather(1, most[:, None])            # no place is beyond a share of all
    last = torch.where(edge > 0, (edge + ahead.gather(1, most[:, None] - 1)) / 2.0, torch.zeros_like(edge))
    return likely - leading * last[:, :, None]


def _twins(by_cell: Tensor) -> Tensor:
    """[batch, n, n]: which of the drawings that came to mind count as one."""
    flat = by_cell.flatten(1, 2)                                                         # batch, cell and channel, n
    squares = flat.square().sum(1)
    apart = squares[:, :, None] + squares[:, None] - 2.0 * (flat.transpose(1, 2) @ flat)
    return apart < _TWINS * CELLS * CHANNELS


def _around(apart: Tensor, side: int) -> Tensor:
    """Sums over a window of side x side cells around each; there is nothing beyond the border."""
    return functional.avg_pool2d(apart, side, 1, side // 2, count_include_pad=True) * float(side * side)
