"""Who is who in a VAE: which modules encode, which give mean and log variance, which decode. Names and shapes only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from export.adapters.layers import Layer, layers_of, modules_of
from export.checkpoint.source import Checkpoint

_AFFIX = r"(?:fc|linear|lin|conv|to|z|q|layer|enc|encoder|latent)?_?"
_TAIL = r"s?_?(?:layer|linear|head|fc|z|vector)?"
_MEAN = re.compile(rf"^{_AFFIX}(?:mu|mean|fc21|loc){_TAIL}$")
_SPREAD = re.compile(
    rf"^{_AFFIX}(?:log_?var|var|logvariance|variance|log_?sigma2?|sigma|log_?std|std|fc22|scale){_TAIL}$")
_DEVIATION = re.compile(r"sigma(?!2)|std|scale")
_NUMBERED = re.compile(r"^fc(\d+)$")
_DECODES = re.compile(r"^(?:dec|decode|decoder|generator|deconv|convt|tconv|conv_t|upconv|final|out|fc_?(?:dec|z|out)"
                      r"|z_?to|from_?z|latent_to|unflatten)")
_ENCODES = re.compile(r"^(?:enc|encode|encoder|conv|bn|inference)")


@dataclass(frozen=True)
class Roles:
    """The layers of a VAE by what they do. Without an encoder there are no heads."""

    decoder: tuple[Layer, ...]
    latent: int
    encoder: tuple[Layer, ...] = ()
    mean: Layer | None = None
    spread: Layer | None = None              # None with a mean: one matrix gives both, mean first
    deviation: bool = False                  # the head gives log sigma, half of the log variance
    embedding: Layer | None = None           # a vector for each class, in front of the latent numbers

    @property
    def inputs(self) -> int:
        """How many numbers the decoder takes."""
        return self.latent + (self.embedding.shape[1] if self.embedding is not None else 0)


def roles_of(source: Checkpoint) -> Roles | None:
    """The roles, or None where this does not look like a VAE."""
    modules = modules_of(source)
    heads = _heads(source, modules)
    others = [name for name in modules if name not in heads]
    decoding = [name for name in others if _decodes(name, heads)]
    encoding = [name for name in others if name not in decoding]
    decoder = layers_of(source, names=decoding)
    embedding = next((layer for layer in decoder if layer.kind == "embedding"), None)
    decoder = tuple(layer for layer in decoder if layer is not embedding)
    if not decoder:
        return None
    latent = _latent(decoder[0]) - (embedding.shape[1] if embedding is not None else 0)
    if heads:
        mean, spread = layers_of(source, names=heads, as_stored=True)
        if not latent or mean.shape[0] != latent:
            return None
        encoder = layers_of(source, names=encoding, linear_last=True)
        return Roles(decoder, latent, encoder, mean, spread, bool(_DEVIATION.search(heads[1].lower())), embedding)
    encoder = layers_of(source, names=encoding, linear_last=True)
    if not any(name.lower().startswith(("dec", "module.dec")) for name in decoding):
        return None
    if encoder and encoder[-1].kind == "linear" and encoder[-1].shape[0] == 2 * latent:
        return Roles(decoder, latent, encoder[:-1], encoder[-1], embedding=embedding)
    return Roles(decoder, latent, embedding=embedding) if latent > 0 else None


def _heads(source: Checkpoint, modules: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the modules for mean and spread: words that say so, one shape."""
    means = [name for name in modules if _MEAN.match(_last_word(name))]
    spreads = [name for name in modules if _SPREAD.match(_last_word(name))]
    for mean in means:
        for spread in spreads:
            shape = source.shape(f"{mean}.weight")
            if shape is not None and shape == source.shape(f"{spread}.weight"):
                return mean, spread
    return _numbered_heads(source, modules)


def _numbered_heads(source: Checkpoint, modules: tuple[str, ...]) -> tuple[str, ...]:
    """`fc31` and `fc32` of one shape: mean and spread behind `fc2`, as in the well-known example and its kin."""
    for name in modules:
        found = _NUMBERED.match(name)
        if found and len(found[1]) > 1 and found[1].endswith("1"):
            other = f"fc{found[1][:-1]}2"
            if source.shape(f"{other}.weight") == source.shape(f"{name}.weight"):
                return name, other
    return ()


def _last_word(name: str) -> str:
    """The last part of a name that is not a number: `encoder.fc_mu.0` -> `fc_mu`."""
    words = [word for word in name.lower().split(".") if not word.isdecimal()]
    return words[-1] if words else ""


def _decodes(name: str, heads: tuple[str, ...]) -> bool:
    """Whether a module belongs to the decoder; among plain numbered ones those behind the heads do."""
    lower = name.lower()
    number = _NUMBERED.match(lower)
    if number:
        head = re.search(r"(\d+)[12]$", heads[0]) if heads else None
        return int(number[1]) > int(head[1]) if head else _behind(name, heads)
    return bool(_DECODES.match(lower)) or not _ENCODES.match(lower)


def _behind(name: str, heads: tuple[str, ...]) -> bool:
    """`fc2` beside `fc_mu`: the first matrix encodes, later ones decode."""
    return not heads or not name.endswith("1")


def _latent(layer: Layer) -> int:
    """How many numbers the decoder's first layer takes; 0 where that cannot be told."""
    if layer.kind == "linear":
        return layer.shape[1]
    return layer.shape[0] if layer.kind == "conv" else 0
