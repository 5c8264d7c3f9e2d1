"""A run told before anybody waits for it: how prompts are read, how many steps, the peak of memory."""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import Plan
from engine.diffusion.schedules import Schedule
from engine.families.diffusion_job import Job
from engine.families.diffusion_words import Words
from engine.runtime.pool import Pool

_ORDER = ("text_encoder", "text_encoder_2", "vae_encoder", "unet", "vae_decoder")
_BASE = 120 << 20
"""Bytes of the engine itself: Python, numpy and ONNX Runtime."""


def planned(job: Job, schedule: Schedule, words: Words | None, pool: Pool, work: Mapping[str, int]) -> Plan:
    """`work` is what each part takes beside its weights while it runs, in bytes."""
    read = {}
    if words is not None:
        read["prompt"] = words.reading(job.prompt)
        if job.guided and job.negative:
            read["negative"] = words.reading(job.negative)
    roles = [role for role in _ORDER if role in pool.roles and (role != "vae_encoder" or job.source is not None)]
    peak = _BASE + pool.peak([(role, work.get(role, 0)) for role in roles])
    notes = job.notes
    if peak > pool.limit + _BASE:
        notes = (*notes, (f"This needs about {_gigabytes(peak)}, more than the {_gigabytes(pool.limit)} it should "
                          "keep to: choose a smaller size, or give models more memory in the settings."))
    return Plan(read, schedule.steps, bytes=peak, notes=notes)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
