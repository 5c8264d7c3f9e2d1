"""What a network's answer says of the clean sample, for each thing that networks are taught to predict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.diffusion.schedules import Schedule

Sample = NDArray[np.float32]


def clean(schedule: Schedule, step: int, x: Sample, answer: Sample) -> Sample:
    """The clean sample that the network sees in `x` [batch, ...] at `step`, kept within the schedule's limits.

    Raises ValueError for a prediction that the schedule's kind of noise does not know.
    """
    if schedule.levels == "power":
        return _limited(schedule, _from_power(schedule.prediction, float(schedule.alphas[step]), x, answer))
    sigma = float(schedule.sigmas[step])
    if schedule.levels == "line":
        return x - _f(sigma) * answer if schedule.prediction == "flow" else x + _f(sigma) * answer
    if schedule.prediction == "epsilon":
        return x - _f(sigma) * answer
    if schedule.prediction == "v_prediction":
        return _f(-sigma / (sigma**2 + 1) ** 0.5) * answer + x * _f(1 / (sigma**2 + 1))
    if schedule.prediction == "sample":
        return answer
    raise ValueError(f"“{schedule.prediction}” is no known prediction (prediction_type).")


def noise(schedule: Schedule, step: int, x: Sample, answer: Sample) -> Sample:
    """The noise that the network sees in `x` at `step`, of a schedule of "power" levels."""
    return noise_at(schedule.prediction, float(schedule.alphas[step]), x, answer)


def noise_at(prediction: str, alpha: float, x: Sample, answer: Sample) -> Sample:
    """The same where `alpha` of the signal's power is left."""
    if prediction == "epsilon":
        return answer
    if prediction == "v_prediction":
        return _f(alpha**0.5) * answer + _f((1 - alpha) ** 0.5) * x
    return (x - _f(alpha**0.5) * answer) * _f(1 / (1 - alpha) ** 0.5)


def _from_power(prediction: str, alpha: float, x: Sample, answer: Sample) -> Sample:
    if prediction == "epsilon":
        return (x - _f((1 - alpha) ** 0.5) * answer) * _f(1 / max(alpha, 2.0**-24) ** 0.5)
    if prediction == "v_prediction":      # Salimans and Ho 2202.00512
        return _f(alpha**0.5) * x - _f((1 - alpha) ** 0.5) * answer
    if prediction == "sample":
        return answer
    raise ValueError(f"“{prediction}” is no known prediction (prediction_type).")


def _limited(schedule: Schedule, sample: Sample) -> Sample:
    """Clipped, or thresholded at a quantile of each sample (Saharia et al. 2205.11487)."""
    if schedule.threshold is not None:
        quantile, most = schedule.threshold
        axes = tuple(range(1, sample.ndim))
        edge = np.quantile(np.abs(sample), quantile, axis=axes, keepdims=True).astype(np.float32)
        edge = np.clip(edge, np.float32(1), np.float32(max(most, 1.0)))
        return np.asarray(np.clip(sample, -edge, edge) / edge, np.float32)
    if schedule.clip is not None:
        return np.clip(sample, _f(-schedule.clip), _f(schedule.clip))
    return sample


def _f(value: float) -> np.float32:
    """A factor in single precision, so that float32 samples stay float32."""
    return np.float32(value)
