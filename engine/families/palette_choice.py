"""Which colours go together for a prompt: names propose, two small networks judge, many palettes are weighed.

Each prompt and each of its phrases ("desert clay" and "sage") proposes the colours whose names mean nearly the same.
The reader network believes in a mixture of colours for the whole prompt: it proposes some itself, and a palette should
cover what it believes in. The judge says of whole palettes how much they are like those that people made. Of many
palettes drawn by the seed the best one stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.colors.oklab import Colors

_BREAK = re.compile(r"\s*(?:[,;.!?/&+]|\b(?:and|with|over|under|on|in|at|by|of|the|a|an|against|beside)\b)\s*",
                    re.IGNORECASE)
_WHOLE, _EACH = 32, 10                       # proposals of the whole prompt and of each phrase
DRAWN = 768
_MOST_PHRASES = 5
_NEAR = 0.09                                 # OKLab: colours nearer than this look like one on a card
_LIGHT_SPAN = 0.55
_BELIEVED, _OWN = 64, 40                     # colours that stand for the belief, and that the reader proposes itself
_OWN_FIT, _FAR = 0.62, 0.1                   # what a proposal of the reader is worth beside a name's 1; OKLab


@dataclass(frozen=True)
class Proposals:
    """Colours that a prompt suggests: OKLab, how well each fits (about 0..1), and which phrases it stands for."""

    lab: Colors                              # [n, 3]
    fit: NDArray[np.float64]                 # [n]
    phrases: NDArray[np.bool_]               # [n, phrases]


@dataclass(frozen=True)
class Mixture:
    """What the reader believes of a prompt's colours: logits [k], OKLab means and spreads [k, 3]."""

    weights: NDArray[np.float64]
    means: Colors
    spreads: Colors

    def density(self, lab: Colors) -> NDArray[np.float64]:
        """Log density [n] of colours [n, 3], but for a constant."""
        return density(lab, self.weights, self.means, self.spreads)

    def spots(self, many: int, seed: int, tight: float = 1.0) -> Colors:
        """[many, 3] colours of it: each part of the mixture has its share, `tight` draws them to its middle."""
        shares = np.cumsum(np.exp(self.weights - np.logaddexp.reduce(self.weights)))
        parts = np.minimum(np.searchsorted(shares, (np.arange(many) + 0.5) / many), len(shares) - 1)
        moved: Colors = tight * self.spreads[parts] * np.random.RandomState(seed).randn(many, 3)
        return self.means[parts] + moved


def phrases_of(prompt: str) -> tuple[str, ...]:
    """The prompt, then its phrases where it has several, or the words of its only one."""
    parts = [part for part in _BREAK.split(prompt) if part]
    if len(parts) == 1 and 1 < len(parts[0].split()) <= _MOST_PHRASES:
        parts = parts[0].split()
    return (prompt, *parts[:_MOST_PHRASES]) if len(parts) > 1 else (prompt,)


def proposed(likeness: NDArray[np.float64], lab: Colors, log_density: NDArray[np.float64],
             own: Colors | None = None) -> Proposals:
    """Of all named colours those that count: `likeness` [phrases, names], `log_density` [names] of the whole prompt.

    Each of the reader's `own` colours [m, 3] proposes the named one that is nearest.
    """
    chosen: dict[int, None] = {}
    for row, many in zip(likeness, [_WHOLE] + [_EACH] * (len(likeness) - 1), strict=True):
        chosen |= dict.fromkeys(np.argsort(-row, kind="stable")[:many].tolist())
    places = np.array(list(chosen))
    top = likeness[:, places]
    best = (top - likeness.mean(axis=1, keepdims=True)) / (likeness.max(axis=1, keepdims=True)
                                                           - likeness.mean(axis=1, keepdims=True))
    words = best.max(axis=0) if len(best) == 1 else 0.5 * best[0] + 0.5 * best[1:].max(axis=0)
    density = log_density[places] - log_density.max()
    fit = words + 0.04 * np.maximum(density, -5.0)
    stands = best[1:] > 0.75 if len(best) > 1 else np.zeros((1, len(places)), bool)  # noqa: PLR2004 - clearly
    if own is None:
        return Proposals(lab[places], fit, stands.T)
    near = np.setdiff1d(_nearest(own, lab), places)
    theirs = _OWN_FIT + 0.04 * np.maximum(log_density[near] - log_density.max(), -5.0)
    return Proposals(np.concatenate([lab[places], lab[near]]), np.concatenate([fit, theirs]),
                     np.concatenate([stands.T, np.zeros((len(near), len(stands)), bool)]))


def own_colours(belief: Mixture, seed: int) -> Colors:
    """[40, 3] colours that the reader proposes; each seed has others."""
    return belief.spots(_OWN, seed ^ 0xBE11, 0.5)


def drawn(found: Proposals, count: int, fixed: int, seed: int, daring: float) -> NDArray[np.int64]:
    """[palettes, count] places in the proposals, of which the last `fixed` are in every palette; none twice."""
    dice = np.random.RandomState(seed)
    free = len(found.fit) - fixed
    chance = found.fit[:free] / (0.06 + 0.2 * daring)
    keys = chance + dice.gumbel(size=(DRAWN, free))
    rows = np.argsort(-keys, axis=1, kind="stable")[:, :count - fixed]
    kept = np.broadcast_to(np.arange(free, free + fixed), (DRAWN, fixed))
    return np.concatenate([rows, kept], axis=1)


def weighed(found: Proposals, rows: NDArray[np.int64], judged: NDArray[np.float64], seed: int,
            daring: float, belief: Mixture) -> NDArray[np.int64]:
    """The best row: fitting, well judged, every phrase heard, dark to light, no colour twice, the belief covered."""
    lab = found.lab[rows]                                                            # [palettes, count, 3]
    apart = np.sqrt(((lab[:, :, None] - lab[:, None]) ** 2).sum(axis=-1))
    apart[:, np.arange(rows.shape[1]), np.arange(rows.shape[1])] = np.inf
    crowded = np.maximum(_NEAR - apart.min(axis=2), 0).mean(axis=1) / _NEAR
    span = np.minimum(np.ptp(lab[:, :, 0], axis=1) / _LIGHT_SPAN, 1.0)
    heard = found.phrases[rows].any(axis=1).mean(axis=1)
    taste = np.random.RandomState(seed ^ 0x5EED).randn(len(rows)) * 0.25 * daring
    score = (2.0 * found.fit[rows].mean(axis=1) + 0.25 * judged + 0.9 * span + 0.8 * heard - 2.5 * crowded + taste
             + 0.8 * _accent(found.lab, lab) + 0.5 * _variety(found.lab, lab) - _strayed(found, rows, belief))
    best: NDArray[np.int64] = rows[int(np.argmax(score))]
    return best


def _strayed(found: Proposals, rows: NDArray[np.int64], belief: Mixture) -> NDArray[np.float64]:
    """How far what the reader believes in is from the nearest colour of each palette, and its colours from that."""
    apart = np.sqrt(((belief.spots(_BELIEVED, 7)[:, None] - found.lab) ** 2).sum(axis=2))           # [64, n]
    left_out = np.mean([np.minimum.reduce(row[rows], axis=1) for row in apart], axis=0)
    foreign = apart.min(axis=0)[rows].mean(axis=1)
    strayed: NDArray[np.float64] = (2.0 * left_out + 0.6 * foreign) / _FAR
    return strayed


def _nearest(colors: Colors, lab: Colors) -> NDArray[np.int64]:
    """Places of the nearest of `lab` to each colour: the square of `colors` counts alike for all."""
    found: NDArray[np.int64] = ((lab ** 2).sum(axis=1) - 2 * colors @ lab.T).argmin(axis=1)
    return found


def _accent(proposals: Colors, lab: Colors) -> NDArray[np.float64]:
    """Whether a palette has one colour as strong as the stronger ones that were proposed, 0..1."""
    usual = np.quantile(np.hypot(proposals[:, 1], proposals[:, 2]), 0.85)
    strongest = np.hypot(lab[..., 1], lab[..., 2]).max(axis=1)
    found: NDArray[np.float64] = np.minimum(strongest / (usual + 0.02), 1.0)
    return found


def _variety(proposals: Colors, lab: Colors) -> NDArray[np.float64]:
    """Whether the hues of a palette lie as far apart as those of the proposals, 0..1: grey words stay grey."""
    wide = np.sqrt(proposals[:, 1:].var(axis=0).sum())
    found: NDArray[np.float64] = np.minimum(np.sqrt(lab[..., 1:].var(axis=1).sum(axis=1)) / (wide + 0.01), 1.0)
    return found


def density(lab: Colors, weights: NDArray[np.float64], means: Colors, spreads: Colors) -> NDArray[np.float64]:
    """Log density [n] of colours in a mixture of normal distributions: logits [k], OKLab means and spreads [k, 3]."""
    z = ((lab[:, None] - means) / spreads) ** 2
    each = weights - np.logaddexp.reduce(weights) - 0.5 * z.sum(axis=2) - np.log(spreads).sum(axis=1)
    found: NDArray[np.float64] = np.logaddexp.reduce(each, axis=1)
    return found
