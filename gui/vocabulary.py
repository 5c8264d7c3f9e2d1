"""English words that families and the starter package declare, listed for the translators' tool.

`gui.properties.Words` looks them up in the context "Controls". A package of somebody else shows its own English words,
or brings labels of its own in its manifest. A test holds this list against what is really declared.
"""

from __future__ import annotations

from gui.marking import QT_TRANSLATE_NOOP

GROUPS = (
    QT_TRANSLATE_NOOP("Controls", "Text"), QT_TRANSLATE_NOOP("Controls", "Style"),
    QT_TRANSLATE_NOOP("Controls", "Seed"), QT_TRANSLATE_NOOP("Controls", "Picture"),
)

ENDS = (
    QT_TRANSLATE_NOOP("Controls", "Thin"), QT_TRANSLATE_NOOP("Controls", "Heavy"),
    QT_TRANSLATE_NOOP("Controls", "Upright"), QT_TRANSLATE_NOOP("Controls", "Leaning"),
    QT_TRANSLATE_NOOP("Controls", "Narrow"), QT_TRANSLATE_NOOP("Controls", "Wide"),
    QT_TRANSLATE_NOOP("Controls", "Even"), QT_TRANSLATE_NOOP("Controls", "Contrasted"),
    QT_TRANSLATE_NOOP("Controls", "Sans"), QT_TRANSLATE_NOOP("Controls", "Serif"),
    QT_TRANSLATE_NOOP("Controls", "Small"), QT_TRANSLATE_NOOP("Controls", "Tall"),
    QT_TRANSLATE_NOOP("Controls", "Tight"), QT_TRANSLATE_NOOP("Controls", "Loose"),
    QT_TRANSLATE_NOOP("Controls", "Natural"), QT_TRANSLATE_NOOP("Controls", "Typewriter"),
    QT_TRANSLATE_NOOP("Controls", "Round"), QT_TRANSLATE_NOOP("Controls", "Square"),
    QT_TRANSLATE_NOOP("Controls", "Short"), QT_TRANSLATE_NOOP("Controls", "Long"),
    QT_TRANSLATE_NOOP("Controls", "Average"), QT_TRANSLATE_NOOP("Controls", "Extreme"),
)

HELP = (
    QT_TRANSLATE_NOOP("Controls", "A line of text, or one letter alone."),
    QT_TRANSLATE_NOOP("Controls", "What is written; new lines are kept, and long lines are broken where that lets the "
                                  "letters grow."),
    QT_TRANSLATE_NOOP("Controls", "The letter that is drawn; all letters share one scale and baseline."),
    QT_TRANSLATE_NOOP("Controls", "Thin to heavy stems"),
    QT_TRANSLATE_NOOP("Controls", "Upright to leaning"),
    QT_TRANSLATE_NOOP("Controls", "Narrow to wide letters"),
    QT_TRANSLATE_NOOP("Controls", "Even strokes to thick stems with hairlines"),
    QT_TRANSLATE_NOOP("Controls", "Plain feet to serifs"),
    QT_TRANSLATE_NOOP("Controls", "Small to tall lower case"),
    QT_TRANSLATE_NOOP("Controls", "Tight to loose setting"),
    QT_TRANSLATE_NOOP("Controls", "Natural widths to the even widths of a typewriter"),
    QT_TRANSLATE_NOOP("Controls", "Round to squared bowls"),
    QT_TRANSLATE_NOOP("Controls", "Short to long descenders"),
    QT_TRANSLATE_NOOP("Controls", "Short to tall ascenders"),
    QT_TRANSLATE_NOOP("Controls", "The number of a style: the same number always gives the same style."),
    QT_TRANSLATE_NOOP("Controls", "How far the seed may stray from the average style: 0 is the average itself, 1 the "
                                  "seed's full character, above 1 exaggerates it."),
    QT_TRANSLATE_NOOP("Controls", "The colour of the letters."),
    QT_TRANSLATE_NOOP("Controls", "The colour behind the letters, or none for a transparent picture."),
    QT_TRANSLATE_NOOP("Controls", "Width and height; letters are drawn sharp at any size."),
    QT_TRANSLATE_NOOP("Controls", "What the picture shows."),
    QT_TRANSLATE_NOOP("Controls", "Each pixel of the model becomes a block of that many pixels."),
)
