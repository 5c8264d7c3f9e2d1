"""A network of somebody else's as a part: which method is called, how inputs are reshaped, outputs as a tuple."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

Shape = tuple[int, ...]


class Called(nn.Module):
    """`network.method(*inputs)`; an input with a shape is given as [batch, *shape]."""

    def __init__(self, network: nn.Module, method: str, shapes: tuple[Shape | None, ...], outputs: int | None) -> None:
        """`outputs` keeps the first ones; None keeps all."""
        super().__init__()
        self.network = network
        self.method = method
        self.shapes = shapes
        self.outputs = outputs

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """The outputs, flat."""
        shaped = [value if shape is None else value.reshape(-1, *shape)
                  for value, shape in zip(inputs, self.shapes, strict=True)]
        called = self.network
        for name in self.method.split("."):
            called = getattr(called, name)
        return tuple(_flat(called(*shaped)))[:self.outputs]


def _flat(answer: object) -> list[Tensor]:
    """The tensors of an answer in their order: one, several, a table of them."""
    if isinstance(answer, Tensor):
        return [answer]
    if isinstance(answer, Mapping):
        return [one for value in answer.values() for one in _flat(value)]
    return [one for value in answer for one in _flat(value)] if isinstance(answer, tuple | list) else []
