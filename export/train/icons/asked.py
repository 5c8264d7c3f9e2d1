"""The 64 prompts of the contact sheet, written down before the first of them was drawn; none was taken out later."""

from __future__ import annotations

from typing import Final

ASKED: Final = (
    "house", "camera", "coffee cup", "rocket", "shopping cart", "umbrella", "bicycle", "cat",
    "light bulb", "key", "oak tree", "music note", "gift box", "alarm clock", "rain cloud", "sailing boat",
    "chef hat", "friendly robot", "slice of pizza", "mountain", "electric guitar", "open lock", "love letter", "dog",
    "magnifying glass", "octopus", "glass of wine", "airplane", "crown", "strawberry", "lighthouse", "cactus",
    "no camera", "add user", "calendar with a check mark", "heart in a circle", "folder with a star",
    "cloud with a lightning bolt", "house with a heart", "phone crossed out", "shield with a lock", "bell with a plus",
    "delete file", "search in documents", "cup with a heart", "smiling sun", "book with a bookmark", "star in a square",
    "yoga class", "eco friendly packaging", "free shipping", "meeting room", "night mode", "spicy food",
    "pet friendly", "fast delivery", "public transport", "home office", "dentist", "barber shop",
    "vegan burger", "garden tools", "birthday party", "space travel",
)  # fmt: skip
"""32 things, 16 compounds, 16 ideas that no set has a drawing of."""
