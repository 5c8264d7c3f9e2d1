"""Any picture that a person drops, as the pixels that a model looks at: upright, sRGB, middle part, exact size.

The file may come from anywhere: formats by an allow-list, caps on bytes and pixels before anything is decoded, and
every way in which a damaged file can fail ends in a sentence.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import FileProblem
from engine.reading import open_regular

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
MAX_PIXELS = 120_000_000
MAX_BYTES = 512 << 20

T = TypeVar("T")
_ORIENTATION = 0x0112
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, OverflowError,
           RuntimeError, ZeroDivisionError, struct.error, zlib.error)
"""What Pillow raises for files that are not what they say."""

_CROPPED = 0.01
_ANOTHER = "Save it as PNG or JPEG with another program and try again."


@dataclass(frozen=True)
class Picture:
    """What a model sees: uint8 [height, width, 1 | 3 | 4], and what had to be done to the file for it."""

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...] = ()


def read_picture(path: Path, width: int, height: int, channels: int, paper: str = "white") -> Picture:
    """The first frame of `path`: upright, its middle part scaled to `width` x `height`, in grey, RGB or RGBA.

    Where there is to be no transparency it lies on `paper` (white or black). Raises FileProblem.
    """
    return _read(path, lambda opened: _seen(opened, (width, height), channels, paper))


def read_whole(path: Path, longest: int) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The first frame of `path`, upright and whole, uint8 [height, width, 3 | 4], and its own width and height.

    It is scaled down where a side is longer than `longest`. Raises FileProblem.
    """
    return _read(path, lambda opened: _whole(opened, longest))


def _read(path: Path, see: Callable[[Image], T]) -> T:
    """What `see` makes of the opened picture; every way to fail becomes a FileProblem."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # above it Pillow warns, and the warning is made an error here
    try:
        with open_regular(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if path.stat().st_size > MAX_BYTES:
                raise _refused(path, f"is larger than {MAX_BYTES >> 20} MB", "Save a smaller copy of it.")
            with Image.open(file, formats=FORMATS) as opened:
                _check_size(opened, path)
                return see(opened)
    except FileProblem:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_many(path) from error
    except MemoryError as error:
        raise _refused(path, "needs more memory than there is", "Save a smaller copy of it.") from error
    except UnidentifiedImageError as error:
        raise _refused(path, f"is none of the pictures that can be read here ({', '.join(FORMATS)})",
                       _ANOTHER) from error
    except (FileNotFoundError, PermissionError) as error:
        raise _refused(path, f"cannot be read: {error.strerror}", "Check the name and that the file may be read."
                       ) from error
    except _BROKEN as error:
        raise _refused(path, "is damaged or was cut short", _ANOTHER) from error


def resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """uint8 [height, width, 1 | 3 | 4] of a picture of any size; the very same where nothing changes."""
    if pixels.shape[:2] == (height, width):
        return pixels
    from PIL import Image

    flat = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    return _array(_scaled(Image.fromarray(flat), (width, height), None))


def _check_size(image: Image, path: Path) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many(path)
    if image.width < 1 or image.height < 1:
        raise _refused(path, "has no pixels", _ANOTHER)


def _seen(image: Image, size: tuple[int, int], channels: int, paper: str) -> Picture:
    """Decode, turn, convert, crop, scale."""
    image.load()  # first of all: damage that shows while `getexif` reads would be taken for a missing turn
    notes = []
    if image.mode == "CMYK":
        notes.append("The picture is in print colours (CMYK); its colours on the screen are approximate.")
    width, height = size
    plain, transparent = _plain(_upright(image), channels, paper)
    if transparent and channels != 4:  # noqa: PLR2004 - RGBA
        notes.append(f"The picture is transparent in places; the model sees {paper} there.")
    box = _middle(plain.width, plain.height, width / height)
    kept = (box[2] - box[0]) * (box[3] - box[1]) / (plain.width * plain.height)
    if kept < 1 - _CROPPED:
        notes.append(f"The model sees pictures of {width} × {height}, so only the middle part is used.")
    return Picture(_array(_scaled(plain, size, box)), tuple(notes))


def _whole(image: Image, longest: int) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Decode, turn, convert, scale."""
    image.load()
    upright = _upright(image)
    plain, _ = _plain(upright, 4 if upright.has_transparency_data else 3, "white")
    scale = min(1.0, longest / max(plain.width, plain.height))
    size = max(1, round(plain.width * scale)), max(1, round(plain.height * scale))
    return _array(plain if size == plain.size else _scaled(plain, size, None)), plain.size


def _upright(image: Image) -> Image:
    """The picture as it was held; an unreadable note about that is as good as none."""
    from PIL.Image import Transpose

    turns = {2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
             5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90}
    try:
        turn = turns.get(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        turn = None
    return image.transpose(turn) if turn is not None else image


def _plain(image: Image, channels: int, paper: str) -> tuple[Image, bool]:
    """The picture in L, RGB or RGBA of 8 bits, laid on paper where the model knows no alpha; whether it had holes."""
    from PIL import Image as Pillow

    if image.mode.startswith(("I", "F")):
        image = Pillow.fromarray(_eight_bits(np.asarray(image)))
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    if not image.has_transparency_data:
        return image.convert("RGB").convert(mode), False
    clear = image.convert("RGBA")
    transparent = bool(np.asarray(clear.getchannel("A")).min() < 255)  # noqa: PLR2004 - opaque
    if mode == "RGBA":
        return clear, transparent
    sheet = Pillow.new("RGBA", clear.size, paper)
    sheet.alpha_composite(clear)
    return sheet.convert("RGB").convert(mode), transparent


def _eight_bits(levels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey of 16 or 32 bits or real numbers; Pillow's own conversion would cut off at 255."""
    real = np.nan_to_num(levels.astype(np.float64))
    highest = float(real.max())
    whole = np.issubdtype(levels.dtype, np.integer)
    white = 1.0 if not whole and highest <= 1 else 65535.0 if highest <= 65535 else highest  # noqa: PLR2004 - 16 bits
    if levels.dtype == np.int32 and highest <= 255:  # noqa: PLR2004 - a wide file of narrow numbers
        white = 255.0
    return np.clip(np.rint(real * (255 / white)), 0, 255).astype(np.uint8)


def _middle(width: int, height: int, shape: float) -> tuple[float, float, float, float]:
    """The largest box of the proportions `shape` (width / height) around the middle: left, top, right, bottom."""
    inner_width, inner_height = min(width, height * shape), min(height, width / shape)
    left, top = (width - inner_width) / 2, (height - inner_height) / 2
    return (left, top, left + inner_width, top + inner_height)


def _scaled(image: Image, size: tuple[int, int], box: tuple[float, float, float, float] | None) -> Image:
    """Part of a picture at another size; colours weigh by their alpha."""
    from PIL.Image import Resampling

    if image.mode == "RGBA":
        return image.convert("RGBa").resize(size, Resampling.LANCZOS, box=box).convert("RGBA")
    return image.resize(size, Resampling.LANCZOS, box=box)


def _array(image: Image) -> NDArray[np.uint8]:
    """[height, width, channels]."""
    pixels = np.asarray(image, np.uint8)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels  # noqa: PLR2004 - grey


def _too_many(path: Path) -> FileProblem:
    return _refused(path, f"has more than {MAX_PIXELS // 1_000_000} million pixels", "Save a smaller copy of it.")


def _refused(path: Path, why: str, remedy: str) -> FileProblem:
    return FileProblem(f"“{path.name}” {why}.", remedy, str(path))
