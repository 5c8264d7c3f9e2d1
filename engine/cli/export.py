"""`atelier export CHECKPOINT -o PACKAGE`: a checkpoint or a foreign ONNX file becomes a package, with proof."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict

from engine.api import Progress
from engine.blocking import fault_of
from engine.cli.arguments import Parser, UsageProblem, file_path, input_path, verb_parser
from engine.cli.bars import Bar
from engine.cli.console import Console
from engine.cli.findings import inspection_lines, result_document, result_lines
from engine.cli.interrupt import on_interrupt
from engine.converting.client import Conversion
from engine.converting.messages import (
    Converted,
    ConvertRequest,
    Event,
    Failed,
    Inspected,
    Inspection,
    Noted,
    Precision,
    Told,
)
from engine.errors import AtelierError

PRECISIONS: tuple[Precision, ...] = ("fp32", "fp16", "int8", "int4")
_LOOK_S = 0.1
_LAST_S = 10.0

EXAMPLES = """\
  atelier export G.pt --inspect                        what is this file? Nothing is made, PyTorch is not needed
  atelier export G.pt -o faces --license CC-BY-4.0     a package folder, with a report beside it
  atelier export G.pt --license unknown                the same, straight onto the shelf
  atelier export vae.safetensors -o vae --license CC0-1.0 --precision fp32 --precision int8
  atelier export mine.pt -o mine --license unknown --arch mynet:Generator --args mynet.json
  atelier export pots.onnx -o pots --license CC0-1.0 --answer range=0..1

A foreign .onnx file, or a folder of them, is converted without PyTorch: what it does not say is guessed, shown, and
corrected with --answer."""


def parser() -> Parser:
    """The words of the verb."""
    made = verb_parser("export", "Turn a checkpoint into a package and prove that it is the same model.", EXAMPLES)
    made.add_argument("checkpoint", metavar="CHECKPOINT", type=input_path,
                      help="a .safetensors, .pt, .pth, .ckpt, .bin or .pkl file, a diffusers or Transformers folder, "
                           "an .onnx file or a folder of them")
    made.add_argument("-o", "--output", metavar="PACKAGE", type=file_path,
                      help="the package folder to make (default: onto the shelf)")
    made.add_argument("--inspect", action="store_true", help="say what it is, and make nothing")
    made.add_argument("--family", default="", help="only consider this kind of model: decoder, stylegan2, text ...")
    made.add_argument("--arch", default="", metavar="NAME|MODULE:CLASS",
                      help="the architecture by name, or a network class of your own, which is run")
    made.add_argument("--args", type=input_path, metavar="FILE",
                      help="JSON: the arguments of that class, or what the weights leave open")
    made.add_argument("--precision", action="append", choices=[*PRECISIONS, "all"], default=None,
                      help="the form of the weights; several make several packages; int4 is for language models "
                           "(default: fp32)")
    made.add_argument("--name", default="", help="the name that the shelf shows (default: from the file)")
    made.add_argument("--id", default="", help="the id for the command line (default: from the name)")
    made.add_argument("--license", default="", help="the licence of the model, or `unknown`; it is shown with it")
    made.add_argument("--credit", default="", help="who made the model")
    made.add_argument("--report", type=file_path, metavar="FILE",
                      help="where the report goes, as HTML and as JSON (default: beside the package)")
    made.add_argument("--answer", action="append", default=[], metavar="NAME=VALUE", type=_answer,
                      help="an answer to a question about a foreign ONNX file")
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Inspect or convert; returns the exit code."""
    source = str(given.checkpoint.absolute())
    arguments = str(given.args.absolute()) if given.args else ""
    event = _waited(lambda work, hear: work.inspect(source, hear, family=given.family, arch=given.arch,
                                                    arguments=arguments), console)
    if not isinstance(event, Inspected):
        raise _fault(event)
    seen = event.inspection
    if given.inspect:
        console.lines(inspection_lines(seen, console.width))
        console.document({"inspection": asdict(seen)})
        return 0
    for remark in (*seen.warnings, *seen.guesses):
        console.note(remark)
    request = _request(given, seen, source, arguments, console)
    if seen.blocked is not None:
        raise fault_of(seen.blocked)
    event = _waited(lambda work, hear: work.start(request, hear), console)
    if not isinstance(event, Converted):
        if isinstance(event, Failed) and event.report_html:
            console.note(f"the report is {event.report_html}")
        raise _fault(event)
    for remark in event.notes:
        console.note(remark)
    console.lines(result_lines(event, console.width))
    console.document({"converted": result_document(event)})
    return 0


def _request(given: argparse.Namespace, seen: Inspection, source: str, arguments: str,
             console: Console) -> ConvertRequest:
    """The order, complete."""
    chosen = given.precision or ["fp32"]
    precisions = seen.precisions if "all" in chosen else tuple(dict.fromkeys(chosen))
    known = {question.name for question in seen.questions}
    answers = dict(given.answer)
    for name in answers:
        if name not in known:
            raise UsageProblem(f"There is no question “{name}” about this file.",
                               f"Questions: {', '.join(sorted(known)) or 'none'}.", name)
    for question in seen.questions:
        if question.name not in answers and not seen.needs_torch:  # of a checkpoint the guesses were told already
            console.note(f"{question.words} Taken: {question.guess} ({question.why})")
    return ConvertRequest(
        source=source, target=str(given.output.absolute()) if given.output else "", name=given.name, id=given.id,
        license=given.license or _licence(seen, console), credit=given.credit or seen.credit_hint, family=given.family,
        arch=given.arch, arguments=arguments, precisions=precisions,
        report=str(given.report.absolute()) if given.report else "", answers=answers)


def _licence(seen: Inspection, console: Console) -> str:
    """Ask a person at a terminal; anybody else has to say it with --license."""
    hint = f" The file itself says “{seen.license_hint}”." if seen.license_hint else ""
    if sys.stdin is not None and sys.stdin.isatty() and console.terminal:
        console.note(f"under which licence is this model?{hint} (for example CC-BY-4.0, or unknown)")
        typed = sys.stdin.readline().strip()
        if typed or seen.license_hint:
            return typed or seen.license_hint
    raise UsageProblem(f"The licence of the model is not given.{hint}",
                       "Add --license, for example --license CC-BY-4.0, or --license unknown: it is shown with the "
                       "model.", "license")


def _waited(begin: Callable[[Conversion, Callable[[Event], None]], None], console: Console) -> Event:
    """Run one piece of work to its last event; Ctrl-C cancels it, and nothing of it stays."""
    work, last = Conversion(), list[Event]()
    with Bar(console) as bar:
        def hear(event: Event) -> None:
            """The bar moves with what is told, notes are printed, the rest is the end."""
            if isinstance(event, Told):
                bar.update(Progress(round(event.fraction * 100), 100, event.words, event.seconds_left))
            elif isinstance(event, Noted):
                console.note(event.words)
            else:
                last.append(event)

        with on_interrupt(work.cancel, console):
            begin(work, hear)
            try:
                while not work.join(_LOOK_S):
                    pass
            except KeyboardInterrupt:
                work.cancel()
                work.join(_LAST_S)
                raise
    return last[-1]


def _fault(event: Event) -> AtelierError:
    """The exception that says what a failed event says."""
    if isinstance(event, Failed):
        return fault_of(event.problem)
    raise TypeError(f"{type(event).__name__} is no end")  # the child's events are checked; this one does not fit


def _answer(text: str) -> tuple[str, str]:
    """NAME=VALUE."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.strip(), value.strip()
