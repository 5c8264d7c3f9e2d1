"""Networks of diffusers and Transformers, made from their configuration and our own readings of the weights.

The class comes from our list, never from the folder; it is built without memory (torch's meta device), then every
parameter is set to numbers that lie on disk. Nothing is loaded by those libraries, nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from engine.errors import CheckpointError
from export.checkpoint.source import Checkpoint, TensorRef
from export.mapped import mapped
from export.quiet import quiet

DIFFUSERS = frozenset({"UNet2DConditionModel", "UNet2DModel", "AutoencoderKL"})
TRANSFORMERS = frozenset({"CLIPTextModel", "CLIPTextModelWithProjection"})
# What only looks like a weight: a table of 0, 1, 2 ... that older versions stored.
_COUNTING = "position_ids"
_PREFIX = "text_model."
# Attention of auto-encoders and of DDPM before diffusers 0.17: today's names for the same weights.
_RENAMED = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}


def assembled(kind: str, config: Mapping[str, Any], weights: Checkpoint) -> nn.Module:
    """The network of the class `kind` with its weights, in eval mode.

    Raises CheckpointError for a class that is not on the list, a configuration that the class does not take, and
    weights that are missing, left over or of another shape than the configuration says.
    """
    try:
        network = empty(kind, config)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise _odd(weights, f"has a configuration that {kind[:60]} does not take: {reason}") from error
    names = _matched(network, weights)
    numbers = mapped({name: weights[stored] for name, stored in names.items()})
    for name, values in numbers.items():
        owner, _, last = name.rpartition(".")
        module = network.get_submodule(owner)
        tensor = torch.from_numpy(values)
        if last in module._parameters:      # noqa: SLF001 - there is no public way to swap what lies on meta
            module._parameters[last] = nn.Parameter(tensor, requires_grad=False)  # noqa: SLF001
        else:
            module._buffers[last] = tensor  # noqa: SLF001
    for name, buffer in list(network.named_buffers()):
        if buffer.is_meta:
            owner, _, last = name.rpartition(".")
            if last != _COUNTING:
                raise _odd(weights, f"needs `{name}`, which no file holds")
            network.get_submodule(owner)._buffers[last] = torch.arange(buffer.shape[-1])[None]  # noqa: SLF001
    return network.eval()


def empty(kind: str, config: Mapping[str, Any]) -> nn.Module:
    """The network without a single number. Raises ValueError for another class, and whatever its class raises."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("DISABLE_TELEMETRY", "1")
    plain = {name: value for name, value in config.items() if not name.startswith("_")}
    with quiet(), torch.device("meta"):
        if kind in DIFFUSERS:
            return _of_diffusers(kind, plain)
        if kind in TRANSFORMERS:
            return _of_transformers(kind, plain)
    raise ValueError("this class is not on the list")


def _of_diffusers(kind: str, config: dict[str, Any]) -> nn.Module:
    import diffusers

    diffusers.utils.logging.set_verbosity_error()
    made: nn.Module = getattr(diffusers, kind).from_config(config)
    return made


def _of_transformers(kind: str, config: dict[str, Any]) -> nn.Module:
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    for name in ("torch_dtype", "dtype", "architectures", "model_type", "transformers_version"):
        config.pop(name, None)
    config["attn_implementation"] = "eager"
    try:
        settings = transformers.CLIPTextConfig(**config)
    except StrictDataclassError as error:
        raise ValueError(str(error)) from error
    made: nn.Module = getattr(transformers, kind)(settings)
    return made


def _matched(network: nn.Module, weights: Checkpoint) -> dict[str, str]:
    """The network's name for each weight -> the file's. Raises CheckpointError unless the two fit one to one."""
    wanted = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    names: dict[str, str] = {}
    extra = []
    for stored in weights.tensors:
        name = _todays(stored, wanted)
        if name in wanted and name not in names:
            names[name] = stored
        elif stored.rpartition(".")[2] != _COUNTING:
            extra.append(stored)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise _odd(weights, f"lacks {len(missing)} weights that its configuration speaks of, `{missing[0]}` first")
    if extra:
        raise _odd(weights, f"holds {len(extra)} weights that its configuration does not speak of, "
                            f"`{extra[0][:100]}` first")
    for name, stored in names.items():
        if not _same(weights[stored], wanted[name]):
            theirs, ours = (" × ".join(map(str, shape)) or "one number" for shape in (weights[stored].shape,
                                                                                      wanted[name]))
            raise _odd(weights, f"has `{stored}` as {theirs}, but its configuration says {ours}")
    return names


def _todays(stored: str, wanted: Mapping[str, Any]) -> str:
    """The name a weight has in today's version of its library."""
    if stored in wanted:
        return stored
    if stored.startswith(_PREFIX) and stored.removeprefix(_PREFIX) in wanted:
        return stored.removeprefix(_PREFIX)
    if _PREFIX + stored in wanted:
        return _PREFIX + stored
    parts = stored.split(".")
    if len(parts) > 2 and parts[-2] in _RENAMED:  # noqa: PLR2004 - block, projection, weight
        return ".".join([*parts[:-2], _RENAMED[parts[-2]], parts[-1]])
    return stored


def _same(ref: TensorRef, shape: tuple[int, ...]) -> bool:
    """Whether a stored tensor has the shape that is wanted."""
    return tuple(ref.shape) == shape


def _odd(weights: Checkpoint, what: str) -> CheckpointError:
    return CheckpointError(f"“{weights.path.name}” {what}.",
                           "Download the whole folder again; weights and config.json must belong together.",
                           str(weights.path))
