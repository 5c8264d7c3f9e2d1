"""Finds the weights inside what a training script saved: the averaged generator before the raw one, never the critic.

Scripts put a state dict under `state_dict`, `model`, `g_ema` ..., beside optimizers and settings, and wrappers put
`module.` or `_orig_mod.` before every name. What was chosen is told in the notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from export.checkpoint.faults import STATE_DICT, Unreadable, shown
from export.checkpoint.plain import plain
from export.checkpoint.stored import MAX_TENSORS, StoredTensor
from export.checkpoint.values import Foreign, StoredArray

# Where weights are, best first: averaged ones give the better pictures, generators come before whole models.
WRAPPERS = ("G_ema", "g_ema", "Gs", "avgG", "netG_ema", "generator_ema", "ema_generator", "params_ema", "model_ema",
            "ema_model", "state_dict_ema", "ema_state_dict", "model_state_dict_ema", "ema",
            "generator", "netG", "gen", "G", "g", "generator_state_dict", "netG_state_dict", "G_state_dict",
            "gen_state_dict", "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network",
            "net_state_dict", "params", "weights", "vae", "autoencoder", "decoder_state_dict")
# Never the picture-maker: critics, optimizers, and what schedules them.
OTHERS = ("d", "D", "netD", "disc", "discriminator", "critic", "discriminator_state_dict", "netD_state_dict",
          "D_state_dict", "augment_pipe", "amp", "loss", "lpips", "vgg", "perceptual_loss")
_BUSY = ("optim", "sched", "scaler", "callback", "loops", "rng_state", "random_state")
_SHELLS = ("module.", "_orig_mod.", "model.", "net.", "network.", "ema_model.", "online_model.", "params.")
_GENERATORS = ("G_ema.", "g_ema.", "netG_ema.", "generator_ema.", "ema_generator.", "generator.", "netG.", "gen.", "G.",
               "vae.", "autoencoder.")
_CRITICS = ("D.", "netD.", "disc.", "discriminator.", "critic.", "loss.", "criterion.", "lpips.", "perceptual_loss.",
            "augment.")
MAX_DEPTH = 6
_BESIDE = ("latent_avg", "mean_latent", "latent_mean", "w_avg")  # single tensors beside a generator that belong to it


@dataclass(frozen=True)
class Chosen:
    """The weights to use and what goes with them."""

    tensors: Mapping[str, StoredTensor]
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    code: Mapping[str, str] = field(default_factory=dict)


def unwrap(value: Any, *, strip: bool = True) -> Chosen:
    """The weights of a checkpoint's value. Raises Unreadable where there are none.

    Without `strip` the names stay as they are: one of several files cannot tell what all names have in common.
    """
    if isinstance(value, Foreign):
        raise Unreadable(f"is a whole pickled program (class {shown(value.name)}), not its weights", STATE_DICT)
    if not isinstance(value, dict):
        raise Unreadable("holds no table of weights", STATE_DICT)
    path: list[str] = []
    beside: dict[str, Any] = {}
    loose: dict[str, StoredTensor] = {}
    while (key := _wrapper(value)) is not None and len(path) < MAX_DEPTH:
        beside |= {str(name): item for name, item in value.items() if name != key and isinstance(name, str)}
        loose |= {name: tensor for name in _BESIDE if (tensor := _tensor(value.get(name)))}
        path.append(key)
        value = value[key]
    tensors = _flatten(value)
    if not tensors:
        raise Unreadable(_nothing_inside(value, beside), STATE_DICT)
    tensors, notes = _stripped(tensors) if strip else (tensors, [])
    if path:
        notes.insert(0, f"taken from `{'.'.join(shown(key, 40) for key in path)}`" + _left_out(beside))
    return Chosen(loose | tensors, _settings(beside if path else value), tuple(notes))


def _tensor(value: Any) -> StoredTensor | None:
    """A tensor, also one that was a numpy array."""
    if isinstance(value, StoredArray):
        return value.tensor
    return value if isinstance(value, StoredTensor) else None


def _wrapper(value: dict[Any, Any]) -> str | None:
    """The key that holds the weights; None where the weights are right here."""
    tables = [key for key, item in value.items() if isinstance(key, str) and isinstance(item, dict) and _holds(item)]
    for key in WRAPPERS:
        if key in tables:
            return key
    wanted = [key for key in tables if key not in OTHERS and not any(word in key.lower() for word in _BUSY)]
    own = any(_tensor(item) for key, item in value.items() if key not in _BESIDE)
    return wanted[0] if len(wanted) == 1 and not own and len(value) > 1 else None


def _holds(table: dict[Any, Any]) -> bool:
    """Whether a tensor lies in a table, or in a table inside it. Each table is looked at once: they may be rings."""
    seen: set[int] = set()
    waiting = [table]
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if any(_tensor(item) for item in here.values()):
            return True
        waiting += [item for item in here.values() if isinstance(item, dict)]
    return False


def _flatten(table: dict[Any, Any]) -> dict[str, StoredTensor]:
    """Tensors by name; tables inside ("encoder", "decoder") lend their name with a dot."""
    found: dict[str, StoredTensor] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, dict[Any, Any], int]] = [("", table, 0)]
    while waiting:
        prefix, here, depth = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        for key, item in here.items():
            if not isinstance(key, str):
                continue
            tensor = _tensor(item)
            if tensor is not None:
                found[prefix + key] = tensor
            elif isinstance(item, dict) and depth < MAX_DEPTH and not _is_other(key):
                waiting.append((f"{prefix}{key}.", item, depth + 1))
        if len(found) > MAX_TENSORS:
            raise Unreadable(f"holds more than {MAX_TENSORS:,} tensors; no model has so many")
    return found


def _is_other(key: str) -> bool:
    """Whether a table beside the weights is none of them."""
    return key in OTHERS or any(word in key.lower() for word in _BUSY)


def _stripped(tensors: dict[str, StoredTensor]) -> tuple[dict[str, StoredTensor], list[str]]:
    """Names without the shells around all of them, without critics, without compiler marks."""
    notes = []
    if any("_orig_mod." in name for name in tensors):
        tensors = {name.replace("_orig_mod.", ""): tensor for name, tensor in tensors.items()}
        notes.append("`_orig_mod.` removed from the names")
    for _ in range(MAX_DEPTH):
        kept, note = _without_shell(tensors)
        if not note:
            break
        tensors = kept
        notes.append(note)
    return tensors, notes


def _without_shell(tensors: dict[str, StoredTensor]) -> tuple[dict[str, StoredTensor], str]:
    """One layer less, and a note of it; an empty note where there is none to take off."""
    for shell in _SHELLS:
        if all(name.startswith(shell) for name in tensors):
            return _cut(tensors, shell), f"`{shell}` removed from the names"
    for shell in _GENERATORS:
        if any(name.startswith(shell) for name in tensors) and all(
                name.startswith((*_GENERATORS, *_CRITICS)) for name in tensors):
            return _cut(tensors, shell), f"only `{shell}` of the weights is used"
    return tensors, ""


def _cut(tensors: dict[str, StoredTensor], shell: str) -> dict[str, StoredTensor]:
    """The tensors under one prefix, without it."""
    return {name.removeprefix(shell): tensor for name, tensor in tensors.items() if name.startswith(shell)}


def _left_out(beside: dict[str, Any]) -> str:
    """What else held weights, for the note."""
    others = [key for key, item in beside.items()
              if key in (*WRAPPERS, *OTHERS) and isinstance(item, dict) and _holds(item)]
    return f"; left out: {', '.join(f'`{shown(key, 40)}`' for key in others)}" if others else ""


def _settings(beside: dict[str, Any]) -> dict[str, Any]:
    """Plain data beside the weights: model_args, hyper_parameters, epoch ..."""
    kept = {}
    for key, item in beside.items():
        if not isinstance(key, str) or _is_other(key) or _tensor(item) or (isinstance(item, dict) and _holds(item)):
            continue
        kept[shown(key, 200)] = plain(item)
    return kept


def _nothing_inside(value: dict[Any, Any], beside: dict[str, Any]) -> str:
    """Why there are no weights."""
    foreign = next((item.name for item in [*value.values(), *beside.values()] if isinstance(item, Foreign)), "")
    if foreign:
        return f"holds a whole pickled program (class {shown(foreign)}) instead of its weights"
    return "holds no weights"
