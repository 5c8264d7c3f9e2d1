"""English words that families, the starter package and the converter say, listed for the translators' tool.

`gui.properties.Words` looks them up in the context "Controls", the import window in "Import". A package of somebody
else shows its own English words, or brings labels of its own in its manifest. A test holds this list against what is
really declared.
"""

from __future__ import annotations

from gui.marking import QT_TRANSLATE_NOOP

GROUPS = (
    QT_TRANSLATE_NOOP("Controls", "Text"), QT_TRANSLATE_NOOP("Controls", "Style"),
    QT_TRANSLATE_NOOP("Controls", "Seed"), QT_TRANSLATE_NOOP("Controls", "Picture"),
    QT_TRANSLATE_NOOP("Controls", "Neighbours"), QT_TRANSLATE_NOOP("Controls", "Mixing"),
    QT_TRANSLATE_NOOP("Controls", "Prompt"), QT_TRANSLATE_NOOP("Controls", "Source"),
    QT_TRANSLATE_NOOP("Controls", "Sampling"),
    QT_TRANSLATE_NOOP("Controls", "Noise"),
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
    QT_TRANSLATE_NOOP("Controls", "Opposite"), QT_TRANSLATE_NOOP("Controls", "None"),
    QT_TRANSLATE_NOOP("Controls", "All"), QT_TRANSLATE_NOOP("Controls", "Nothing"),
    QT_TRANSLATE_NOOP("Controls", "All of it"), QT_TRANSLATE_NOOP("Controls", "Coarse"),
    QT_TRANSLATE_NOOP("Controls", "Fine"), QT_TRANSLATE_NOOP("Controls", "Smooth"),
    QT_TRANSLATE_NOOP("Controls", "Rough"), QT_TRANSLATE_NOOP("Controls", "Seed − 1"),
    QT_TRANSLATE_NOOP("Controls", "Seed + 1"), QT_TRANSLATE_NOOP("Controls", "Seed − 100"),
    QT_TRANSLATE_NOOP("Controls", "Seed + 100"),
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
    QT_TRANSLATE_NOOP("Controls", "How far towards the seed before (left) or after (right): 1 is that seed itself."),
    QT_TRANSLATE_NOOP("Controls", "How far towards the seed 100 before (up) or 100 after (down): 1 is that seed "
                                  "itself."),
    QT_TRANSLATE_NOOP("Controls", "Where the sliders start from: empty for the seed, or the place of a picture that "
                                  "the model looked at."),
    QT_TRANSLATE_NOOP("Controls", "How far from the mean picture (ψ): 0 is the mean itself, 1 leaves everything as it "
                                  "is, above 1 exaggerates, below 0 is the opposite."),
    QT_TRANSLATE_NOOP("Controls", "How many layers, from the coarsest on, the truncation works on; the finer ones keep "
                                  "their character."),
    QT_TRANSLATE_NOOP("Controls", "How much of a second seed's style the layers below take over."),
    QT_TRANSLATE_NOOP("Controls", "The seed whose style is taken over."),
    QT_TRANSLATE_NOOP("Controls", "The first layer that takes it over. Coarse layers hold pose and shape, fine ones "
                                  "colour and texture."),
    QT_TRANSLATE_NOOP("Controls", "The last layer that takes it over. Coarse layers hold pose and shape, fine ones "
                                  "colour and texture."),
    QT_TRANSLATE_NOOP("Controls", "The fine grain of the picture: as it was stored with the model, drawn from a seed, "
                                  "or none."),
    QT_TRANSLATE_NOOP("Controls", "The number of a grain."),
    QT_TRANSLATE_NOOP("Controls", "How strong the grain is."),
)

CONVERTER = (
    QT_TRANSLATE_NOOP("Import", "latent point to picture"),
    QT_TRANSLATE_NOOP("Import", "the text so far to the next letters"),
    QT_TRANSLATE_NOOP("Import", "picture to latent point, where the file holds it"),
    QT_TRANSLATE_NOOP("Import", "seed to style"),
    QT_TRANSLATE_NOOP("Import", "style to picture"),
    QT_TRANSLATE_NOOP("Import", "style to a small picture for dragging, from 256 pixels up"),
    QT_TRANSLATE_NOOP("Import", "one step from noise to picture"),
    QT_TRANSLATE_NOOP("Import", "words to numbers"),
    QT_TRANSLATE_NOOP("Import", "latent to picture"),
    QT_TRANSLATE_NOOP("Import", "picture to latent"),
    QT_TRANSLATE_NOOP("Import", "Which input is the latent point?"),
    QT_TRANSLATE_NOOP("Import", "How many numbers has a latent point?"),
    QT_TRANSLATE_NOOP("Import", "The file leaves it open; the first weights suggest it."),
    QT_TRANSLATE_NOOP("Import", "Which output is the picture?"),
    QT_TRANSLATE_NOOP("Import", "In which order are the picture's numbers?"),
    QT_TRANSLATE_NOOP("Import", "Both fit its shape."),
    QT_TRANSLATE_NOOP("Import", "Which numbers are black and white?"),
    QT_TRANSLATE_NOOP("Import", "-1 is black, 1 is white"),
    QT_TRANSLATE_NOOP("Import", "0 is black, 1 is white"),
    QT_TRANSLATE_NOOP("Import", "0 is black, 255 is white"),
    QT_TRANSLATE_NOOP("Import", "This is usual; no trial run could tell."),
    QT_TRANSLATE_NOOP("Import", "How large were the random numbers it was trained with (standard deviation)?"),
    QT_TRANSLATE_NOOP("Import", "1 is usual; smaller is calmer."),
    QT_TRANSLATE_NOOP("Import", "It is neither the latent point nor a class, so it is set once and for all."),
    QT_TRANSLATE_NOOP("Import", "Which input chooses a class?"),
    QT_TRANSLATE_NOOP("Import", "none of them"),
    QT_TRANSLATE_NOOP("Import", "How many classes are there?"),
    QT_TRANSLATE_NOOP("Import", "The table that it looks up has so many rows."),
    QT_TRANSLATE_NOOP("Import", "The file does not say."),
    QT_TRANSLATE_NOOP("Import", "Which activation stands between the layers?"),
    QT_TRANSLATE_NOOP("Import", "How does the picture leave the network?"),
    QT_TRANSLATE_NOOP("Import", "Weights do not show it; this is usual."),
    QT_TRANSLATE_NOOP("Import", "tanh: black is -1, white is 1"),
    QT_TRANSLATE_NOOP("Import", "sigmoid: black is 0, white is 1"),
    QT_TRANSLATE_NOOP("Import", "as it is: black is -1, white is 1"),
)
