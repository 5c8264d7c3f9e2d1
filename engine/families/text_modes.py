"""Ways of writing that suit every language model, for packages that declare none of their own."""

from __future__ import annotations

from typing import Final

from engine.packages.parts import Mode, TextModel
from engine.text.tokenizer import CHARACTERS

_HEADLINE, _SLOGAN = ("Headline", {"zh_CN": "标题"}), ("Slogan", {"zh_CN": "标语"})
_NAME, _FREE = ("Name", {"zh_CN": "名称"}), ("Free text", {"zh_CN": "自由文本"})
_LINE: Final = ("\n",)

# A general model has read many pages of the form "Product: ... Slogan: ..."; with an empty prompt it invents both.
_GENERAL: Final = (
    Mode("free", *_FREE, length=96),
    Mode("headline", *_HEADLINE, before="Topic: ", after="\nHeadline:", stop=_LINE, length=28),
    Mode("slogan", *_SLOGAN, before="Product: ", after="\nSlogan:", stop=_LINE, length=24),
    Mode("name", *_NAME, before="Product: ", after="\nBrand name:", stop=(*_LINE, ",", "."), length=10),
)
# A model of letters knows only texts of its own kind: it continues what one typed, to the end of the line or further.
_LETTERS: Final = (
    Mode("name", *_NAME, stop=_LINE, length=32),
    Mode("slogan", "Line", {"zh_CN": "一行"}, stop=_LINE, length=80),
    Mode("free", *_FREE, length=240),
)


def modes_of(text: TextModel) -> tuple[Mode, ...]:
    """The package's own modes, or those that suit its tokenizer; the first is the default."""
    return text.modes or (_LETTERS if text.tokenizer == CHARACTERS else _GENERAL)


def mode_of(text: TextModel, name: str) -> Mode:
    """The mode of that name; the first where there is none of that name."""
    modes = modes_of(text)
    return next((mode for mode in modes if mode.id == name), modes[0])
