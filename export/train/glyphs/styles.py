"""The styles of all faces, and the affine map from N(0, I) to them that is folded into the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes

_SHRINKAGE: Final = 0.05


@dataclass(frozen=True)
class Prior:
    """style = mean + z @ spread with z ~ N(0, I); float64 [dim] and [dim, dim], spread symmetric."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def whiten(self, styles: NDArray[np.floating]) -> NDArray[np.float64]:
        """The z of given styles [n, dim]."""
        centred = np.asarray(styles - self.mean, np.float64)
        return np.asarray(np.linalg.solve(self.spread.T, centred.T).T, np.float64)


def encode_all(model: GlyphVae, codes: Codes, batch: int = 16) -> NDArray[np.float64]:
    """Style means [faces, dim] of every kept face, unchanged and with all characters seen."""
    model.eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(codes.faces.items), batch):
            items = np.arange(start, min(start + batch, len(codes.faces.items)))
            residuals, metrics = codes.batch(items, np.zeros(len(items), np.int64))
            mean, _ = model.encoder(residuals, metrics, torch.ones(metrics.shape[:2]))
            parts.append(mean.numpy().astype(np.float64))
    return np.concatenate(parts)


def fit_prior(styles: NDArray[np.float64], weights: NDArray[np.float64], shrinkage: float = _SHRINKAGE) -> Prior:
    """Mean and symmetric root of the covariance of the taught styles [n, dim], families balanced by `weights`.

    The covariance is shrunk towards its diagonal: with fewer families than numbers it is not to be trusted fully.
    """
    weights = weights / weights.sum()
    mean = weights @ styles
    centred = (styles - mean) * np.sqrt(weights)[:, None]
    covariance = centred.T @ centred
    covariance = (1.0 - shrinkage) * covariance + shrinkage * np.diag(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance)
    spread = (vectors * np.sqrt(np.maximum(values, 1e-8))) @ vectors.T
    return Prior(mean, spread)
