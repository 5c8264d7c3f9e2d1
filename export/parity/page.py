"""The report for people: one file that needs nothing else, in words, with the pictures and the bars that prove them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from export.parity import words
from export.parity.chart import Bar, error_chart
from export.parity.pictures import Row, png_uri, rows
from export.parity.words import say

Report = Mapping[str, Any]
EXACT = "fp32"


def page(report: Report, files: Mapping[str, Mapping[str, str]], preview: bytes | None = None) -> str:
    """The whole page. `files`: part -> precision -> pictures left by the proof; `preview`: a PNG of the package."""
    name = str(report["source"].get("name") or report["source"].get("title") or "")
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    body = [_head(report, name), _failed(report), _precisions(report), _pictures(files), _errors(report),
            _preview(preview), _source(report), _measured(report)]
    return "\n".join([
        "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(say('title', name=name))}</title>", f"<style>{style}</style>", "</head>", "<body>", "<main>",
        *(part for part in body if part), f"<footer>{say('footer')}</footer>", "</main>", "</body>", "</html>", ""])


def _head(report: Report, name: str) -> str:
    """The verdict in plain words."""
    passed = report["verdict"] == "pass"
    exact = report["precision"][EXACT]
    picture = exact["picture_difference"]
    drawn = picture is not None or any(entry["picture_difference"] for entry in report["precision"].values())
    head = say(("same" if passed else "other") + ("_pictures" if drawn else "_numbers"))
    if not passed:
        lead = say("lead_fail")
    elif picture is not None:
        lead = say("lead_pictures", samples=str(_samples(exact)), steps=words.visible(picture["max"]))
    else:
        worst = max((output["relative"] for output in exact["outputs"].values()), default=0.0)
        lead = say("lead_numbers", samples=str(_samples(exact)), error=words.number(worst),
                   allowed=words.number(exact["tolerance"]))
    kind = report["verdict"]
    return (f'<header><p class="kicker">{escape(say("kicker", name=name))}</p>'
            f'<span class="verdict seal {kind}">{say("seal_" + kind)}</span>'
            f'<h1>{escape(head)}</h1><p class="lead">{escape(lead)}</p></header>')


def _failed(report: Report) -> str:
    """What is wrong and where it begins; empty where all is well."""
    items = [f"<li>{escape(reason)}</li>" for reason in report["precision"][EXACT]["why"]]
    place = report["first_divergence"]
    if report["verdict"] == "pass" or not items:
        return ""
    if place is not None:
        items.append(f"<li><b>{_place(place)}</b></li>")
    return _section(say("failed"), "", f'<ul class="why">{"".join(items)}</ul>')


def _place(place: Mapping[str, Any]) -> str:
    """The sentence that names node and layer."""
    key = f"place_{place['kind']}"
    if place["kind"] in ("value", "run") and not place["layer"]:
        key += "_outer"
    return say(key, layer=_code(place["layer"]), node=_code(place["node"]), operator=escape(place["operator"]),
               error=words.number(place["error"]))


def _precisions(report: Report) -> str:
    """The table of precisions, with PyTorch as its first row."""
    entries = report["precision"]
    drawn = any(entry["picture_difference"] for entry in entries.values())
    largest = max(entry["bytes"] for entry in entries.values()) or 1
    slowest = max([entries[EXACT]["torch_ms"] or 0, *(entry["ms"] or 0 for entry in entries.values())]) or 1
    columns = ["precision", "verdict", "size", "error", *(["picture"] if drawn else []), "time"]
    head = "".join(f'<th scope="col">{say("column_" + column)}</th>' for column in columns)
    torch_ms, size = entries[EXACT]["torch_ms"], report["source"].get("bytes") or 0
    largest = max(largest, size)
    lines = [_line(say("torch_row"), [
        f'<span class="unit">{say("torch_verdict")}</span>',
        words.megabytes(size) + _bar(size / largest) if size else "", "", *([""] if drawn else []),
        words.milliseconds(torch_ms) + _bar(torch_ms / slowest)])]
    for name, entry in entries.items():
        best = f'<span class="best">{say("recommended")}</span>' if name == report["recommended"] else ""
        lines.append(_line(escape(name) + best, [
            _verdict(entry), words.megabytes(entry["bytes"]) + _bar(entry["bytes"] / largest), _error(entry),
            *([_difference(entry)] if drawn else []),
            words.milliseconds(entry["ms"]) + _bar((entry["ms"] or 0) / slowest) + _speed(entry)]))
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    return _section(say("precisions"), say("precisions_about"), table + _reasons(report))


def _line(name: str, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{name}</th>' + "".join(f'<td class="n">{cell}</td>' for cell in cells) + "</tr>"


def _reasons(report: Report) -> str:
    """Why a smaller precision fails, with the node that brings most of the error; what was done to make it."""
    items = []
    for name, entry in report["precision"].items():
        if name == EXACT or entry["verdict"] == "pass":
            continue
        items += [f"<li><b>{escape(name)}</b> {escape(reason)}</li>" for reason in entry["why"]]
        for role, part in entry["parts"].items():
            place = part.get("divergence")
            if place and place["node"]:
                items.append("<li>" + say("place_reduced", precision=f"<b>{escape(name)}</b>", part=escape(role),
                                          node=_code(place["node"])) + "</li>")
    return f'<ul class="why">{"".join(items)}</ul>' if items else ""


def _verdict(entry: Report) -> str:
    return f'<span class="verdict {entry["verdict"]}">{say(entry["verdict"])}</span>'


def _error(entry: Report) -> str:
    """The largest error of any output over its range, and what is allowed."""
    outputs = [output["relative"] for output in entry["outputs"].values()]
    if not outputs:
        return "–"
    limit = _allowed(entry, max(entry["outputs"], key=lambda name: float(entry["outputs"][name]["relative"] or 0)))
    known = [value for value in outputs if value is not None]
    words_of = say("by_eye") if limit is None else say("allowed", allowed=words.number(limit))
    worst = words.number(max(known)) if len(known) == len(outputs) else "–"
    return f'{worst}<span class="note">{words_of}</span>'


def _difference(entry: Report) -> str:
    """The visible difference of the worst picture, and what is allowed."""
    picture = entry["picture_difference"]
    if picture is None:
        return "–"
    limit = entry["picture_tolerance"]
    allowed = "" if limit is None else say("allowed", allowed=f"{words.number(limit)}/255")
    note = f'<span class="note">{allowed}</span>' if allowed else ""
    return f'{words.number(picture["mean"])}<span class="unit">/255</span>{note}'


def _speed(entry: Report) -> str:
    speed = entry["speed_over_torch"]
    return "" if speed is None else f'<span class="note">{say("times_speed", speed=f"{speed:.1f}")}</span>'


def _allowed(entry: Report, name: str) -> float | None:
    """The tolerance of one output; None where a picture is judged by its visible difference alone."""
    picture = entry["picture_difference"]
    by_eye = entry["mean_tolerance"] is not None and picture is not None and name.endswith(f".{picture['output']}")
    return None if by_eye else entry["tolerance"]


def _errors(report: Report) -> str:
    """The bars: every output in every precision."""
    bars = [Bar(f"{name}  {precision}", output["relative"], _allowed(entry, name))
            for name in dict.fromkeys(name for entry in report["precision"].values() for name in entry["outputs"])
            for precision, entry in report["precision"].items()
            for output in [entry["outputs"].get(name)] if output is not None]
    if not bars:
        return ""
    return _section(say("errors"), say("errors_about"), f'<div class="scroll">{error_chart(bars, say("errors"))}</div>')


def _pictures(files: Mapping[str, Mapping[str, str]]) -> str:
    """PyTorch's pictures above ONNX Runtime's, precision by precision."""
    found = next((lines for lines in (rows(dict(of_part)) for of_part in files.values()) if lines), ())
    if not found:
        return ""
    count = max(len(row.pictures) for row in found)
    cells = []
    for row in found:
        if row.side == "onnx":
            cells.append('<div class="gap"></div>')
        cells.append(f'<div class="label">{escape(_side(row))}</div>')
        cells += [f'<img src="{uri}" alt="{escape(say("picture_words", number=str(number), side=_side(row)))}"'
                  f'{" class=small" if row.small else ""}>' for number, uri in enumerate(row.pictures, 1)]
    grid = f'style="grid-template-columns: minmax(72px, 104px) repeat({count}, minmax(0, 132px))"'
    return _section(say("pictures"), say("pictures_about"), f'<div class="pictures" {grid}>{"".join(cells)}</div>')


def _side(row: Row) -> str:
    return {"torch": say("by_torch"), "onnx": say("by_onnx", precision=row.precision)}.get(row.side, say("difference"))


def _preview(preview: bytes | None) -> str:
    if preview is None:
        return ""
    words_of = escape(say("preview"))
    return _section(say("preview"), "", f'<img style="max-width:100%" alt="{words_of}" src="{png_uri(preview)}">')


def _source(report: Report) -> str:
    """What the file is and why it was taken for that."""
    source = report["source"]
    lines = [("file", escape(str(source.get("name", "")))
              + (f' <span class="unit">{words.megabytes(source["bytes"])}, {escape(str(source.get("kind", "")))}</span>'
                 if source.get("bytes") else "")),
             ("recognised", escape(str(source.get("title", "")))),
             ("because", _list(source.get("reasons", ()))),
             ("assumed", _list(source.get("guesses", ()))),
             ("notes", _list(report["notes"])),
             ("digest", _code(str(source["digest"])) if source.get("digest") else "")]
    return _section(say("source"), "", _terms(lines))


def _measured(report: Report) -> str:
    """Sizes, devices, versions, times, memory, and all numbers for those who want them."""
    exact = report["precision"][EXACT]
    sizes = [f"{role}: " + "; ".join(", ".join(f"{name} {size}" for name, size in run.items()) for run in part["sizes"])
             for role, part in exact["parts"].items() if any(part["sizes"])]
    machine = report["machine"]
    lines = [("sizes", _list(sizes)),
             ("devices", _list(device["why"] or device["name"] for device in report["providers"])),
             ("machine", escape(", ".join(value for key, value in machine.items() if key in ("system", "processor"))
                                + f" · {say('one_thread')}")),
             ("versions", escape(", ".join(f"{name} {version}" for name, version in report["versions"].items()))),
             ("time", escape(", ".join(f"{step} {seconds:.1f} s" for step, seconds in report["times"].items()))),
             ("memory", escape(", ".join(f"{name} {words.megabytes(peak * 1e6)}"
                                         for name, peak in report["peak_memory_mb"].items() if peak)))]
    about = say("measured_about", samples=str(_samples(exact)))
    return _section(say("measured"), about, _terms(lines) + _numbers(report))


def _numbers(report: Report) -> str:
    """Every figure, folded away."""
    columns = ("column_precision", "output", "max_abs", "mean_abs", "range", "samples")
    head = "".join(f'<th scope="col">{say(column)}</th>' for column in columns)
    lines = [f"<tr><td>{escape(name)}</td><td>{escape(role)}</td>" + "".join(
        f"<td>{text}</td>" for text in (words.number(output["max_abs"]), words.number(output["mean_abs"]),
                                        words.number(output["scale"]), str(output["samples"]))) + "</tr>"
             for name, entry in report["precision"].items() for role, output in entry["outputs"].items()]
    return (f'<details><summary>{say("numbers")}</summary><div class="scroll"><table><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(lines)}</tbody></table></div></details>')


def _samples(entry: Report) -> int:
    """How many random inputs the least tried output was compared on."""
    return min((int(output["samples"]) for output in entry["outputs"].values()), default=0)


def _section(title: str, about: str, body: str) -> str:
    words_of = f'<p class="about">{escape(about)}</p>' if about else ""
    return f"<section><h2>{escape(title)}</h2>{words_of}{body}</section>"


def _terms(lines: Sequence[tuple[str, str]]) -> str:
    """A list of terms and what they stand for; empty ones are left out."""
    return "<dl>" + "".join(f"<dt>{say(key)}</dt><dd>{text}</dd>" for key, text in lines if text) + "</dl>"


def _list(items: Iterable[str]) -> str:
    found = [str(item) for item in items]
    if len(found) < 2:  # noqa: PLR2004 - one line needs no list
        return _marked(found[0]) if found else ""
    return "<ul>" + "".join(f"<li>{_marked(item)}</li>" for item in found) + "</ul>"


def _marked(text: str) -> str:
    """Text whose `backticks` become code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 and index < len(pieces) - 1 else piece
                   for index, piece in enumerate(pieces))


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _bar(share: float) -> str:
    """A thin bar under a number."""
    return f'<span class="bar"><i style="width:{min(max(share, 0.0), 1.0) * 100:.0f}%"></i></span>'

