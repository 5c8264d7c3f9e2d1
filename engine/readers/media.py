"""Source pictures and masks that a recipe names, out of the media folder, as a model looks at them."""

from __future__ import annotations

from typing import Literal

from engine import media
from engine.errors import FileProblem
from engine.readers.pictures import Picture, read_picture

MASK_CHANNELS = 1
"""One channel is a mask: what is transparent in it is black, so it stays as it is."""


def read_media(key: str, width: int, height: int, channels: Literal[1, 3, 4]) -> Picture:
    """The picture of that key: uint8 [height, width, channels], its middle part where the proportions differ.

    Raises FileProblem when this machine does not have it, and for what cannot be read as a picture.
    """
    path = media.path_of(key)
    mask = channels == MASK_CHANNELS
    try:
        return read_picture(path, width, height, channels, paper="black" if mask else "white")
    except FileProblem as error:  # the file's own name is a digest, which says nothing to anybody
        words = "The mask" if mask else "The source picture"
        raise FileProblem(error.what.replace(f"“{path.name}”", words), error.remedy, key) from error
