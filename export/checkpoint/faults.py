"""Why a file cannot be read as weights: a short reason and what to do next, made a sentence by `open_source`."""

from __future__ import annotations

from pathlib import Path

from engine.errors import CheckpointError

AGAIN = "Download or copy it again, and compare its size with the original."
SAFE_COPY = ("Nothing of it was run. Ask for the weights as .safetensors, or save them yourself with "
             "torch.save(model.state_dict(), 'weights.pt').")
STATE_DICT = "Where it was made, save the weights alone: torch.save(model.state_dict(), 'weights.pt')."


class Unreadable(ValueError):
    """A file that is no weights, or not safely. `reason` follows the file's name: “G.pkl” is cut short."""

    def __init__(self, reason: str, remedy: str = AGAIN) -> None:
        """`reason` starts with a verb and has no full stop; `remedy` is a whole sentence."""
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy

    def about(self, path: Path) -> CheckpointError:
        """The error that a person reads."""
        return CheckpointError(f"“{path.name}” {self.reason}.", self.remedy, str(path))


def shown(text: object, longest: int = 80) -> str:
    """A name out of a stranger's file, fit for a sentence: nothing that does not print, and not too long."""
    clean = "".join(char if char.isprintable() else "�" for char in str(text)[:longest + 1])
    return clean if len(clean) <= longest else clean[:longest - 1] + "…"
