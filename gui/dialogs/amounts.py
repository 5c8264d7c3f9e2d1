"""Times and sizes in round words: nobody wants to read 7,340,032 bytes or 92.4 seconds."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

MINUTE, HOUR = 60, 3600
KILO = 1000
CONTEXT = "Amounts"


def duration(seconds: float) -> str:
    """"8 s", "3 min", "2 h 10 min"."""
    tr = QCoreApplication.translate
    if seconds < 1:
        return tr(CONTEXT, "less than a second")
    if seconds < 1.5 * MINUTE:
        return tr(CONTEXT, "{0} s").format(round(seconds))
    if seconds < 1.5 * HOUR:
        return tr(CONTEXT, "{0} min").format(round(seconds / MINUTE))
    return tr(CONTEXT, "{0} h {1} min").format(int(seconds // HOUR), round(seconds % HOUR / MINUTE))


def size(count: float) -> str:
    """"12 kB", "3.4 MB", "21 GB" (powers of ten, as disks are sold)."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < KILO:
            return f"{count:.0f} {unit}" if count >= 10 or unit == "B" else f"{count:.1f} {unit}"  # noqa: PLR2004
        count /= KILO
    return f"{count:.1f} TB"
