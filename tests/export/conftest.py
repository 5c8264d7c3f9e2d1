"""What several tests of conversion share: exports take seconds, so each is made once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def painted(tmp_path_factory):
    """The picture model of tests/fakes/parts.py as a graph."""
    from export.trace import trace
    from tests.fakes.parts import painter

    return trace(painter(), tmp_path_factory.mktemp("painter"))


@pytest.fixture(scope="session")
def spelled(tmp_path_factory):
    """The recurrent model as a graph."""
    from export.trace import trace
    from tests.fakes.parts import speller

    return trace(speller(), tmp_path_factory.mktemp("speller"))
