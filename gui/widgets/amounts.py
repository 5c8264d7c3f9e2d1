"""Times, sizes and numbers of results in words: nobody wants to read 7,340,032 bytes or 92.4 seconds."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.api import Medium

MINUTE, HOUR = 60, 3600
KILO = 1000


def duration(seconds: float) -> str:
    """"8 s", "3 min", "2 h 10 min"."""
    if seconds < 1:
        return QCoreApplication.translate("Amounts", "less than a second")
    if seconds < 1.5 * MINUTE:
        return QCoreApplication.translate("Amounts", "{0} s").format(round(seconds))
    if seconds < 1.5 * HOUR:
        return QCoreApplication.translate("Amounts", "{0} min").format(round(seconds / MINUTE))
    hours, minutes = divmod(round(seconds / MINUTE), MINUTE)
    return QCoreApplication.translate("Amounts", "{0} h {1} min").format(hours, minutes)


def size(count: float) -> str:
    """"12 kB", "3.4 MB", "21 GB" (powers of ten, as disks are sold)."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < KILO:
            return f"{count:.0f} {unit}" if count >= 10 or unit == "B" else f"{count:.1f} {unit}"  # noqa: PLR2004
        count /= KILO
    return f"{count:.1f} TB"


def results(count: int, medium: Medium) -> str:
    """"3 pictures", "1 text", "12 palettes"."""
    match medium:
        case Medium.TEXT:
            return QCoreApplication.translate("Amounts", "%n text(s)", None, count)
        case Medium.PALETTE:
            return QCoreApplication.translate("Amounts", "%n palette(s)", None, count)
        case Medium.PICTURE:
            return QCoreApplication.translate("Amounts", "%n picture(s)", None, count)
