"""The tests; a package so that `tests.fakes` is ours and no other."""
