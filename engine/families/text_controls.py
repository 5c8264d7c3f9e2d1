"""The controls of text packages, as data."""

from __future__ import annotations

from engine.api import Choice, Control, ControlKind
from engine.families import base_controls as shared
from engine.families.text_modes import modes_of
from engine.packages.manifest import Manifest
from engine.packages.parts import Mode, TextModel

DRAW, SEARCH = "draw", "beams"
MOST_CARDS, MOST_BEAMS, LONGEST_PROMPT = 24, 16, 8000
AS_THE_MODE = 0.0

_TEXT, _SAMPLING = "Text", "Sampling"
_DRAWN = ("sampler", (DRAW,))
_SEARCHED = ("sampler", (SEARCH,))


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All that the package lets a person set, in the panel's order. Raises PackageError for unusable defaults."""
    text = manifest.text or TextModel("recurrent", 2)
    modes = modes_of(text)
    controls = (_prompt(modes), *(_mode(modes) if len(modes) > 1 else ()), *_shape(text), *_sampling(), _seed())
    return shared.with_defaults(controls, manifest)


def _prompt(modes: tuple[Mode, ...]) -> Control:
    """What the model goes on from."""
    examples = dict.fromkeys(example for mode in modes for example in mode.examples)
    return Control(
        "prompt", ControlKind.PROMPT, "Prompt", "", _TEXT,
        "What the model goes on from, or writes about. {red|green} chooses one of the words by the seed.",
        maximum=LONGEST_PROMPT, labels={"zh_CN": "提示词"}, choices=tuple(Choice(words, words) for words in examples))


def _mode(modes: tuple[Mode, ...]) -> tuple[Control, ...]:
    """The ways of writing."""
    return (Control("mode", ControlKind.CHOICE, "Write", modes[0].id, _TEXT,
                    "What is written: each way has words of its own around the prompt, an end and a length.",
                    choices=tuple(Choice(mode.id, mode.label, mode.labels) for mode in modes),
                    labels={"zh_CN": "写作类型"}),)


def _shape(text: TextModel) -> tuple[Control, ...]:
    """How many cards, how long, where they end."""
    longest = float(min(text.context or 1024, 1024) - 1)
    return (
        Control("count", ControlKind.SLIDER, "Cards", 6.0, _TEXT, "How many texts are written at once.",
                minimum=1.0, maximum=float(MOST_CARDS), step=1, low="One", high="Many", labels={"zh_CN": "数量"}),
        Control("length", ControlKind.SLIDER, "Length", AS_THE_MODE, _TEXT,
                "At most this many tokens (letters, words or pieces of words); 0 is what suits the way of writing.",
                minimum=AS_THE_MODE, maximum=max(longest, 1.0), step=1, low="As it suits", high="Long",
                labels={"zh_CN": "长度"}),
        Control("stop", ControlKind.TEXT, "Stop words", "", _TEXT,
                "A text ends where one of these begins, besides those of the way of writing. One on each line; "
                "an empty line stands for the end of a line.",
                maximum=400, labels={"zh_CN": "停止词"}),
    )


def _sampling() -> tuple[Control, ...]:
    """How each token is chosen."""
    return (
        Control("sampler", ControlKind.CHOICE, "Choose", DRAW, _SAMPLING,
                "By chance, each card another way; or the likeliest texts as wholes, always the same ones.",
                choices=(Choice(DRAW, "By chance", {"zh_CN": "随机抽样"}),
                         Choice(SEARCH, "Likeliest texts", {"zh_CN": "束搜索"})), labels={"zh_CN": "选词方式"}),
        Control("temperature", ControlKind.SLIDER, "Temperature", 0.9, _SAMPLING,
                "How daring: 0 always takes the likeliest word, 1 is the model's own taste, more is wilder.",
                minimum=0.0, maximum=2.0, step=0.01, low="Sober", high="Wild", labels={"zh_CN": "温度"},
                shown_when=_DRAWN),
        Control("top_k", ControlKind.SLIDER, "Best words (top k)", 0.0, _SAMPLING,
                "Only so many of the likeliest words are considered; 0 considers all.",
                minimum=0.0, maximum=200.0, step=1, low="All", high="200", labels={"zh_CN": "候选数 (top k)"},
                shown_when=_DRAWN),
        Control("top_p", ControlKind.SLIDER, "Share of chances (top p)", 0.95, _SAMPLING,
                "Only the likeliest words that together have this share of all chances; 1 considers all.",
                minimum=0.05, maximum=1.0, step=0.01, low="Few", high="All", labels={"zh_CN": "概率占比 (top p)"},
                shown_when=_DRAWN),
        Control("beams", ControlKind.SLIDER, "Beams", 4.0, _SAMPLING,
                "How many texts are followed at once; at most as many cards come out.",
                minimum=1.0, maximum=float(MOST_BEAMS), step=1, low="One", high="Many", labels={"zh_CN": "束数"},
                shown_when=_SEARCHED),
        Control("length_penalty", ControlKind.SLIDER, "Prefer long texts", 1.0, _SAMPLING,
                "0 compares texts as they are, which favours short ones; 1 by their mean chance; more, long ones.",
                minimum=-2.0, maximum=3.0, step=0.05, low="Short", high="Long", labels={"zh_CN": "长度偏好"},
                shown_when=_SEARCHED),
        Control("repetition", ControlKind.SLIDER, "Avoid repetition", 1.0, _SAMPLING,
                "Words that occurred already become less likely; 1 leaves them as they are.",
                minimum=1.0, maximum=2.0, step=0.01, low="Not at all", high="Strictly", labels={"zh_CN": "避免重复"}),
    )


def _seed() -> Control:
    """The number of the first card."""
    control = shared.seed()
    return Control("seed", control.kind, control.label, control.default, control.group,
                   "The number of the first card; the next cards have the next numbers, and each number always gives "
                   "the same card.", minimum=control.minimum, maximum=control.maximum, step=control.step,
                   labels=control.labels)
