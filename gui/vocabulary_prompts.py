"""Words of the families that answer prompts, for the translators: headings, slider ends, help as they are declared."""

from __future__ import annotations

from gui.marking import QT_TRANSLATE_NOOP

PROMPTS = (
    QT_TRANSLATE_NOOP("Controls", "What the picture shows. (word:1.3) counts more, (word:0.7) less; of "
                                  "{one|another} the seed picks one."),
    QT_TRANSLATE_NOOP("Controls", "Sliders between two wordings, for example “young -> old: 0.8”: 0 changes "
                                  "nothing, 1 goes all the way."),
    QT_TRANSLATE_NOOP("Controls", "What the picture should not show. It counts when the guidance is above 1."),
    QT_TRANSLATE_NOOP("Controls", "Whether the picture goes on over its edges, so that copies side by side show "
                                  "no seam."),
    QT_TRANSLATE_NOOP("Controls", "How often the noise is reduced. More takes longer, and helps up to a point."),
    QT_TRANSLATE_NOOP("Controls", "How closely the picture follows the prompt. 1 switches guidance off, which is "
                                  "twice as fast."),
    QT_TRANSLATE_NOOP("Controls", "Free"),
    QT_TRANSLATE_NOOP("Controls", "Literal"),
    QT_TRANSLATE_NOOP("Controls", "The rule by which noise becomes a picture."),
    QT_TRANSLATE_NOOP("Controls", "A picture to start from; it is cropped to the size below."),
    QT_TRANSLATE_NOOP("Controls", "How much of the source picture may change: 0 leaves it as it is, 1 paints it "
                                  "all anew."),
    QT_TRANSLATE_NOOP("Controls", "Anew"),
    QT_TRANSLATE_NOOP("Controls", "Where the source picture is painted anew: white is new, black stays."),
    QT_TRANSLATE_NOOP("Controls", "How wide the mask's edge fades, in pixels."),
    QT_TRANSLATE_NOOP("Controls", "What the mask leaves is taken from the source picture again, pixel for pixel."),
    QT_TRANSLATE_NOOP("Controls", "The number of the noise that the picture starts from, the same as in other "
                                  "programs that draw it on the processor."),
    QT_TRANSLATE_NOOP("Controls", "How far towards the noise of another seed: a little gives sisters of a picture."),
    QT_TRANSLATE_NOOP("Controls", "Same"),
    QT_TRANSLATE_NOOP("Controls", "Other"),
    QT_TRANSLATE_NOOP("Controls", "The other seed."),
    QT_TRANSLATE_NOOP("Controls", "How closely the picture follows the prompt."),
    QT_TRANSLATE_NOOP("Controls", "Pixels that the picture grows beyond this edge of the source picture."),
    QT_TRANSLATE_NOOP("Controls", "Less"),
    QT_TRANSLATE_NOOP("Controls", "More"),
    QT_TRANSLATE_NOOP("Controls", "What it should be, in English words. {red|blue} lets the seed choose."),
    QT_TRANSLATE_NOOP("Controls", "What the surface is."),
    QT_TRANSLATE_NOOP("Controls", "A second material that covers part of the first."),
    QT_TRANSLATE_NOOP("Controls", "How much of the surface is covered."),
    QT_TRANSLATE_NOOP("Controls", "A little"),
    QT_TRANSLATE_NOOP("Controls", "Colours"),
    QT_TRANSLATE_NOOP("Controls", "Colours from dark to light; empty for those of the prompt."),
    QT_TRANSLATE_NOOP("Controls", "How strongly light falls on the height of the surface."),
    QT_TRANSLATE_NOOP("Controls", "Flat"),
    QT_TRANSLATE_NOOP("Controls", "Deep"),
    QT_TRANSLATE_NOOP("Controls", "The coloured surface, or one of its maps."),
    QT_TRANSLATE_NOOP("Controls", "Shows the tile side by side with itself: no seam can be seen."),
    QT_TRANSLATE_NOOP("Controls", "Thinner or thicker lines, in parts of the usual width."),
    QT_TRANSLATE_NOOP("Controls", "Bold"),
    QT_TRANSLATE_NOOP("Controls", "The colour of the lines."),
    QT_TRANSLATE_NOOP("Controls", "The colour behind the icon, or none for a transparent picture."),
    QT_TRANSLATE_NOOP("Controls", "With a palette its darkest colour draws and its lightest lies behind."),
    QT_TRANSLATE_NOOP("Controls", "Width and height; sharp at any size."),
    QT_TRANSLATE_NOOP("Controls", "More steps are more careful and take longer."),
    QT_TRANSLATE_NOOP("Controls", "How strictly the model follows what was asked for; 1 is as it learned."),
    QT_TRANSLATE_NOOP("Controls", "Whose hand draws it."),
    QT_TRANSLATE_NOOP("Controls", "What the model goes on from, or writes about. {red|green} chooses one of the "
                                  "words by the seed."),
    QT_TRANSLATE_NOOP("Controls", "The number of the first card; the next cards have the next numbers, and each "
                                  "number always gives the same card."),
    QT_TRANSLATE_NOOP("Controls", "What is written: each way has words of its own around the prompt, an end and a"
                                  " length."),
    QT_TRANSLATE_NOOP("Controls", "How many texts are written at once."),
    QT_TRANSLATE_NOOP("Controls", "One"),
    QT_TRANSLATE_NOOP("Controls", "Many"),
    QT_TRANSLATE_NOOP("Controls", "At most this many tokens (letters, words or pieces of words); 0 is what suits "
                                  "the way of writing."),
    QT_TRANSLATE_NOOP("Controls", "As it suits"),
    QT_TRANSLATE_NOOP("Controls", "A text ends where one of these begins, besides those of the way of writing. "
                                  "One on each line; an empty line stands for the end of a line."),
    QT_TRANSLATE_NOOP("Controls", "By chance, each card another way; or the likeliest texts as wholes, always the"
                                  " same ones."),
    QT_TRANSLATE_NOOP("Controls", "How daring: 0 always takes the likeliest word, 1 is the model's own taste, "
                                  "more is wilder."),
    QT_TRANSLATE_NOOP("Controls", "Sober"),
    QT_TRANSLATE_NOOP("Controls", "Wild"),
    QT_TRANSLATE_NOOP("Controls", "Only so many of the likeliest words are considered; 0 considers all."),
    QT_TRANSLATE_NOOP("Controls", "200"),
    QT_TRANSLATE_NOOP("Controls", "Only the likeliest words that together have this share of all chances; 1 "
                                  "considers all."),
    QT_TRANSLATE_NOOP("Controls", "Few"),
    QT_TRANSLATE_NOOP("Controls", "How many texts are followed at once; at most as many cards come out."),
    QT_TRANSLATE_NOOP("Controls", "0 compares texts as they are, which favours short ones; 1 by their mean "
                                  "chance; more, long ones."),
    QT_TRANSLATE_NOOP("Controls", "Words that occurred already become less likely; 1 leaves them as they are."),
    QT_TRANSLATE_NOOP("Controls", "Not at all"),
    QT_TRANSLATE_NOOP("Controls", "Strictly"),
    QT_TRANSLATE_NOOP("Controls", "Keep"),
    QT_TRANSLATE_NOOP("Controls", "A mood, a place, a season, things: “desert clay and sage”. {red|green} chooses"
                                  " one of the words by the seed."),
    QT_TRANSLATE_NOOP("Controls", "How many colours the palette has."),
    QT_TRANSLATE_NOOP("Controls", "Colours that have to be in the palette, for example those of a brand; the "
                                  "others are found to them."),
    QT_TRANSLATE_NOOP("Controls", "How the hues stand to each other: as they come with the prompt, or moved into "
                                  "a scheme."),
    QT_TRANSLATE_NOOP("Controls", "How far apart light and dark colours are: 1 is as found."),
    QT_TRANSLATE_NOOP("Controls", "Light and dark"),
    QT_TRANSLATE_NOOP("Controls", "How colourful the colours are: 0 is grey, 1 as found."),
    QT_TRANSLATE_NOOP("Controls", "Grey"),
    QT_TRANSLATE_NOOP("Controls", "Vivid"),
    QT_TRANSLATE_NOOP("Controls", "How far from the most fitting colours a seed may go."),
    QT_TRANSLATE_NOOP("Controls", "Fitting"),
    QT_TRANSLATE_NOOP("Controls", "Surprising"),
)
