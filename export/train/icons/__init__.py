"""The recipe of the `icons` model: from free icon sets to a prompt that draws an icon."""
