"""StyleGAN pickles of NVIDIA's PyTorch repositories: the averaged generator's tensors, settings and source text.

A network there is stored as its class name, the Python source of its module and its state. The source is kept for
display and never run; names of tensors are put together as `state_dict()` would.
"""

from __future__ import annotations

from typing import Any

from export.checkpoint.faults import STATE_DICT, Unreadable, shown
from export.checkpoint.plain import plain
from export.checkpoint.stored import StoredTensor
from export.checkpoint.unwrap import Chosen
from export.checkpoint.values import Persisted

PREFERRED = ("G_ema", "Gs", "g_ema", "G", "generator")
MAX_DEPTH = 12


def networks(value: Any) -> dict[str, Persisted]:
    """The networks of a pickle by their key; "" where it is one network alone."""
    if isinstance(value, Persisted):
        return {"": value}
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items() if isinstance(item, Persisted)}
    return {}


def unwrap_stylegan(value: Any) -> Chosen:
    """The generator to use. Raises Unreadable where there is none."""
    found = networks(value)
    key = next((name for name in PREFERRED if name in found), "")
    if key not in found:
        raise Unreadable(f"holds the networks {', '.join(shown(name, 20) for name in found)}, but no generator",
                         "Choose the snapshot that holds `G_ema`.")
    walk = _Walk()
    walk.visit(found[key], "", 0)
    others = [name for name in found if name != key]
    notes = [f"taken from `{key}`" + (f"; left out: {', '.join(f'`{shown(name, 20)}`' for name in others)}"
                                      if others else "")] if key else []
    state = found[key].state
    settings = {"class_name": found[key].class_name, "init_args": plain(state.get("_init_args", ())),
                "init_kwargs": plain(state.get("_init_kwargs", {})), "attributes": walk.attributes}
    if isinstance(value, dict):
        settings |= {name: plain(item) for name, item in value.items() if isinstance(name, str) and name not in found}
    notes += ["its source code is shown as text and was not run"] if walk.code else []
    return Chosen(walk.tensors, settings, tuple(notes), walk.code)


class _Walk:
    """Collects a network's tensors, plain attributes and sources, module by module."""

    def __init__(self) -> None:
        self.tensors: dict[str, StoredTensor] = {}
        self.attributes: dict[str, dict[str, Any]] = {}
        self.code: dict[str, str] = {}

    def visit(self, network: Any, prefix: str, depth: int) -> None:
        """One module and those inside it; `prefix` ends with a dot or is empty."""
        if not isinstance(network, Persisted):
            return  # a layer of torch without source: it has no tensors that we could vouch for
        if depth > MAX_DEPTH:
            raise Unreadable("nests its layers deeper than any network")
        self._keep_code(network)
        state = network.state
        transient = state.get("_non_persistent_buffers_set")
        skipped = transient if isinstance(transient, set | frozenset | list) else ()
        for kind in ("_parameters", "_buffers"):
            for name, tensor in _items(state, kind):
                if isinstance(tensor, StoredTensor) and name not in skipped:
                    self.tensors[prefix + name] = tensor
        self.attributes[prefix.rstrip(".")] = {
            name: value for name, value in state.items()
            if isinstance(name, str) and not name.startswith("_") and isinstance(value, str | int | float | bool)}
        for name, module in _items(state, "_modules"):
            self.visit(module, f"{prefix}{name}.", depth + 1)

    def _keep_code(self, network: Persisted) -> None:
        """Each source once, under the name of the first class that came with it."""
        if network.source not in self.code.values():
            name, number = network.class_name, 2
            while name in self.code:
                name, number = f"{network.class_name} ({number})", number + 1
            self.code[name] = network.source


def _items(state: dict[Any, Any], kind: str) -> list[tuple[str, Any]]:
    """The named entries of one of a module's tables."""
    table = state.get(kind)
    if table is None:
        return []
    if not isinstance(table, dict) or any(not isinstance(name, str) for name in table):
        raise Unreadable(f"has a network without a table of {kind.strip('_')}", STATE_DICT)
    return list(table.items())
