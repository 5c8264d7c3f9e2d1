from __future__ import annotations

import pytest

from engine.api import Problem
from engine.converting import messages
from engine.converting.messages import (
    Converted,
    ConvertRequest,
    Failed,
    Inspected,
    Inspection,
    Making,
    MessageError,
    Noted,
    PrecisionFigures,
    Told,
)
from engine.packages.questions import Option, Question, QuestionKind

QUESTION = Question("picture", "Which output is the picture?", QuestionKind.CHOICE, "image", "it is [n, 3, 8, 8]",
                    (Option("image", "image"), Option("mask", "mask")))
INSPECTION = Inspection("/models/G.pt", "torch-zip", 12, "DCGAN, 64 × 64", "decoder", "dcgan", ("a", "b"),
                        {"nz": 100, "slope": 0.2}, makes=(Making("decoder", "point to picture", 3.5),),
                        blocked=Problem("bundle", "No torch."), questions=(QUESTION,))
EVENTS = [
    Told("trace", 0.5, "Tracing the decoder", 12.5),
    Noted("The network is closed to the converter."),
    Inspected(INSPECTION),
    Converted("/x", {"fp32": "/x"}, "pots", "decoder", runs=True,
              figures={"fp32": PrecisionFigures("pass", 10, 1e-4, 2e-6, 3.0)}, recommended="fp32"),
    Failed(Problem("checkpoint", "It is a web page.", "Download it again.", "/x", 2)),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_the_pipe(event: messages.Event) -> None:
    line = messages.encode(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert messages.decode_event(line) == event


def test_a_request_survives_the_pipe() -> None:
    request = ConvertRequest("/in.pt", "/out", "Pots", license="CC0-1.0", precisions=("fp16", "int8"),
                             answers={"picture": "image\n\u2028"})
    assert messages.decode_request(messages.encode(request)) == request


@pytest.mark.parametrize("line", [
    b"", b"{}", b"[]", b"null", b'{"kind":"Told"}', b'{"kind":"Told","data":{"step":"bake","fraction":0,"words":""}}',
    b'{"kind":"Exec","data":{}}', b'{"kind":"Told","data":{"step":"open","fraction":"x","words":""}}', b"\xff\xfe",
    b'{"kind":[],"data":{}}', b"[" * 100_000, b"x" * (messages.MAX_LINE + 1),
])
def test_garbage_is_refused(line: bytes) -> None:
    with pytest.raises(MessageError):
        messages.decode_event(line)


def test_a_request_is_no_event() -> None:
    with pytest.raises(MessageError):
        messages.decode_event(messages.encode(ConvertRequest("/in.pt")))
