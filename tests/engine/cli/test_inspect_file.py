"""Values in a table for people: short enough to read, whole where they can be typed again."""

from engine.cli.inspect_file import LONGEST, shown


def test_values_are_shown_as_set_takes_them():
    assert [shown(value) for value in (True, (64, 32), 1.0, 0.25, 7, "a\nb")] == ["true", "64x32", "1", "0.25", "7",
                                                                                   "a\\nb"]


def test_a_point_of_many_layers_does_not_fill_the_screen():
    point = "w+:" + "A" * 49_152
    assert len(shown(point)) < 120
    assert shown(point).startswith("w+:AAA")
    assert "49155 characters, whole with --json" in shown(point)
    assert shown("x" * LONGEST) == "x" * LONGEST
