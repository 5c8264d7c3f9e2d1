"""What a batch remembers on disk, so that any crash can be resumed: `.atelier-job/` beside the pictures.

`plan.json` says what shall be made; `done.jsonl` gets a line for each file that is durable; `lock` keeps a second run
out. The order is: file durable, then its line. A resumed run believes a line only if the file still has that size and
digest, and otherwise only a whole file that carries exactly the row's recipe. When all is made, the folder goes away.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from engine import atomic
from engine.errors import AtelierError, FileProblem, JobProblem
from engine.jobs.lock import FolderLock
from engine.jobs.plan import JobPlan, Row
from engine.provenance import read_recipe

FOLDER = ".atelier-job"
_PLAN, _DONE, _LOCK = "plan.json", "done.jsonl", "lock"
_PNG = ".png"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_CHUNK = 1 << 20


class Journal:
    """The journal of one run of a plan. `begin`, then `record` per file, then `end`."""

    def __init__(self, plan: JobPlan) -> None:
        """Nothing is touched before `begin`."""
        self._plan = plan
        self._target = Path(plan.folder)
        self._folder = self._target / FOLDER
        self._lock = FolderLock(self._folder / _LOCK)

    def begin(self, *, resume: bool) -> set[int]:
        """Take the folder and find out which rows are done; their indices.

        Raises JobProblem when another run has the folder, an unfinished one waits there and `resume` is false, or its
        plan differs; FileProblem when the folder cannot be used or a file of somebody else has a row's name.
        """
        new = self._make_folders()
        try:
            self._lock.take()
            going_on = self._check_plan(resume=resume)
            if going_on:
                atomic.sweep(self._target, older_than=0.0)
            done = self._settle()
            if not going_on:
                atomic.write_text(self._folder / _PLAN, json.dumps(self._plan.to_dict(), ensure_ascii=False))
        except BaseException:
            self._lock.release(remove=new)
            if new:
                self._forget()
            raise
        return done

    def record(self, row: Row, size: int, sha256: str) -> None:
        """A row's file is durable. Raises FileProblem (DiskFull) when the line cannot be written."""
        line = json.dumps({"row": row.index, "bytes": size, "sha256": sha256}) + "\n"
        path = self._folder / _DONE
        try:
            with path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise atomic.explained(error, path) from error

    def adopt(self, row: Row) -> bool:
        """Record a row whose file is already there and carries its recipe; whether it is."""
        path = self._plan.path(row)
        if not _carries(path, row):
            return False
        self.record(row, *_measure(path))
        return True

    def usable(self) -> bool:
        """Whether files can still be written here, as far as one can tell without trying."""
        return self._folder.is_dir() and os.access(self._target, os.W_OK)

    def end(self, *, complete: bool) -> None:
        """Give the folder back; when everything is made, nothing but the pictures stays."""
        atomic.sweep(self._target, older_than=0.0)  # what engines left that died during the run
        if complete:
            for name in (_DONE, _PLAN):
                (self._folder / name).unlink(missing_ok=True)
        self._lock.release(remove=complete)
        if complete:
            self._forget()

    def _make_folders(self) -> bool:
        """The target and the journal's folder; whether the latter is new."""
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            self._folder.mkdir()
        except FileExistsError:
            if self._folder.is_dir():
                return False
            raise FileProblem(f"“{self._target}” cannot hold the batch: “{FOLDER}” in it is a file.",
                              "Choose another folder.", str(self._target)) from None
        except OSError as error:
            raise atomic.explained(error, self._folder) from error
        return True

    def _check_plan(self, *, resume: bool) -> bool:
        """Whether there is an unfinished batch here; it must be this one."""
        before = unfinished(self._plan.folder)
        if before is None:
            return False
        if before.fingerprint() != self._plan.fingerprint():
            raise JobProblem("This folder holds another unfinished batch: its models, values or names differ.",
                             "Resume that one as it was, or choose another folder for this one.", self._plan.folder)
        if not resume:
            raise JobProblem("This folder holds an unfinished batch of the same pictures.",
                             "Resume it (--resume), or choose another folder.", self._plan.folder)
        return True

    def _settle(self) -> set[int]:
        """Compare plan, lines and files."""
        lines = self._lines()
        done = set()
        strangers = []
        for row in self._plan.rows:
            path = self._plan.path(row)
            if not os.path.lexists(path):
                continue
            if (row.index in lines and lines[row.index] == _measure(path)) or self.adopt(row):
                done.add(row.index)
            else:
                strangers.append(row)
        if strangers:
            first = strangers[0]
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            raise FileProblem(f"“{first.name}”{more} is already in {self._target} and is not from this batch "
                              f"(row {first.index + 1}).", "Move it away, or choose another folder or file-name "
                              "template.", str(self._plan.path(first)))
        return done

    def _lines(self) -> dict[int, tuple[int, str]]:
        """Row -> size and digest. A line that was cut off by a crash is as good as not written."""
        path = self._folder / _DONE
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise atomic.explained(error, path) from error
        if data and not data.endswith(b"\n"):
            with path.open("ab") as file:
                file.write(b"\n")  # or the next line would be glued to the torn one
        found = {}
        for line in data.splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                entry: Any = json.loads(line)
                found[int(entry["row"])] = int(entry["bytes"]), str(entry["sha256"])
        return found

    def _forget(self) -> None:
        """Remove the journal's folder; somebody else's file in it keeps it, which is no harm."""
        atomic.sweep(self._folder, older_than=0.0)
        with contextlib.suppress(OSError):
            self._folder.rmdir()


def unfinished(folder: str) -> JobPlan | None:
    """The plan of the unfinished batch in `folder`, if there is one. Raises JobProblem when its plan is damaged."""
    path = Path(folder) / FOLDER / _PLAN
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise atomic.explained(error, path) from error
    except (ValueError, RecursionError):
        data = {}
    return JobPlan.from_dict(data, folder)


def _measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file; something that cannot be read has none."""
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError:
        return -1, ""
    return size, digest.hexdigest()


def _carries(path: Path, row: Row) -> bool:
    """Whether the file is whole and made by exactly this recipe."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_PNG_END), os.SEEK_END)
            whole = path.suffix.lower() != _PNG or file.read() == _PNG_END
        return whole and read_recipe(path).recipe.canonical() == row.recipe.canonical()
    except (OSError, AtelierError):
        return False
