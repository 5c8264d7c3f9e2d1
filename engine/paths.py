"""Where things lie: the data shipped with the program, and the folders of the person who uses it.

`LATENT_ATELIER_HOME` moves everything of the person into one folder (tests, portable installs, shared machines).
Nothing here creates a folder: who writes, creates.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

HOME_VARIABLE = "LATENT_ATELIER_HOME"
_APP = "Latent Atelier"


def resources_folder() -> Path:
    """Starter packages, schema, icons, translations: read-only data beside the code, or inside the frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    base = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return base / "resources"


def bundled_packages_folder() -> Path:
    """The packages that come with the program."""
    return resources_folder() / "packages"


def data_folder() -> Path:
    """What a person would miss: models, the library."""
    return _home("data") or Path(platformdirs.user_data_dir(_APP, appauthor=False))


def models_folder() -> Path:
    """The packages that the person added."""
    return data_folder() / "models"


def library_file() -> Path:
    """The catalogue of what was kept."""
    return data_folder() / "library.db"


def bundled_encoders_folder() -> Path:
    """The prompt encoders that come with the program: packages that other packages use."""
    return resources_folder() / "encoders"


def media_folder() -> Path:
    """Pictures and masks that recipes use, each under the SHA-256 of its bytes."""
    return data_folder() / "media"


def config_folder() -> Path:
    """Settings."""
    return _home("config") or Path(platformdirs.user_config_dir(_APP, appauthor=False))


def cache_folder() -> Path:
    """What can be made again: results of digest checks."""
    return _home("cache") or Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def state_folder() -> Path:
    """Logs and crash reports."""
    return _home("state") or Path(platformdirs.user_state_dir(_APP, appauthor=False))


def _home(part: str) -> Path | None:
    """The override's subfolder, if the variable is set to something."""
    home = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(home).expanduser().absolute() / part if home else None
