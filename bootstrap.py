"""Sets everything up from a bare Python: `bootstrap.py studio` opens the studio, `bootstrap.py test` runs all tests.

A third verb, `package`, builds the folder that runs without Python: `dist/latent-atelier`. All of it can be run again
at any time and is quick when nothing changed: a stamp in `.venv` remembers the project file, the Python and the extras
that were installed. Nothing outside this checkout is touched, except that root on Debian gets the few system libraries
that Qt is missing. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "latent-atelier.json"
OLDEST, NEWEST = (3, 11), (3, 14)
RUNTIMES = {  # --provider -> the package of that runtime; two of them in one environment break each other
    "cpu": "onnxruntime",
    "cuda": "onnxruntime-gpu",
    "cuda12": "onnxruntime-gpu",
    "directml": "onnxruntime-directml",
}
TEST_EXTRAS = ("dev", "export", "train")
MOST_WORKERS = 4  # each may hold PyTorch: about 1.5 GB
# Which Debian package brings which library; only what `ldd` really misses is asked for.
DEBIAN = {
    "libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0", "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11.so.6": "libx11-6", "libX11-xcb.so.1": "libx11-xcb1", "libSM.so.6": "libsm6", "libICE.so.6": "libice6",
    "libxcb.so.1": "libxcb1", "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0", "libxcb-sync.so.1": "libxcb-sync1", "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0", "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-util.so.1": "libxcb-util1", "libxcb-glx.so.0": "libxcb-glx0", "libfreetype.so.6": "libfreetype6",
    "libexpat.so.1": "libexpat1", "libz.so.1": "zlib1g", "libstdc++.so.6": "libstdc++6",
}
QT_OFFSCREEN = ("QtWidgets.abi3.so", "QtSvg.abi3.so", "Qt/plugins/platforms/libqoffscreen.so")
QT_X11 = ("Qt/plugins/platforms/libqxcb.so",)


class SetupError(Exception):
    """Why the set-up cannot go on, as one sentence that says what to do."""


def say(text: str) -> None:
    """One line to the person, at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def check_python(version: tuple[int, int]) -> None:
    """Refuse a Python that the libraries do not serve; point to a better one where there is one."""
    if OLDEST <= version <= NEWEST:
        return
    others = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    better = next((name for name in others if shutil.which(name)), None)
    advice = f"run it with {better}" if better else "install one and run this again"
    raise SetupError(f"Latent Atelier needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, this is "
                     f"{version[0]}.{version[1]}: {advice}.")


def venv_python() -> Path:
    """The interpreter inside `.venv`, wherever this system keeps it."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment() -> None:
    """Create `.venv`, or make it anew when what is there does not run."""
    if works():
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        install_debian([f"python3.{sys.version_info[1]}-venv"], "Python's venv module")
    say(f"Making a virtual environment in {VENV} ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode or not works():
        raise SetupError(f"Python could not make {VENV}: see above, mend it and run this again.")


def works() -> bool:
    """Whether `.venv` holds a Python in our range that has pip."""
    if not venv_python().exists():
        return False
    question = f"import sys, pip; sys.exit(not ({OLDEST} <= sys.version_info[:2] <= {NEWEST}))"
    return subprocess.run([str(venv_python()), "-c", question], capture_output=True, check=False).returncode == 0


def read_stamp() -> dict[str, object]:
    """What was installed last, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def current_key() -> str:
    """Changes when an installed environment no longer fits: the project file, the Python, the place."""
    settings = (VENV / "pyvenv.cfg").read_bytes() if (VENV / "pyvenv.cfg").exists() else b""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + settings + str(ROOT).encode()).hexdigest()


def install(provider: str | None, extras: tuple[str, ...]) -> None:
    """Bring `.venv` to the project file with one runtime and the extras; nothing to do when the stamp says so."""
    stamp, key = read_stamp(), current_key()
    provider = provider or str(stamp.get("provider") or "cpu")
    before = stamp.get("extras")
    known = set(before) if isinstance(before, list) else set()
    if stamp.get("key") == key and stamp.get("provider") == provider and known >= set(extras):
        return
    wanted = sorted(known | set(extras))
    if stamp.get("provider") not in (None, provider):
        pip("uninstall", "--yes", *sorted(set(RUNTIMES.values())))
    STAMP.unlink(missing_ok=True)
    say(f"Installing Latent Atelier with {', '.join([provider, *wanted])} (the first time takes a minute or two) ...")
    pip("install", "--editable", f"{ROOT}[{','.join([provider, *wanted])}]")
    STAMP.write_text(json.dumps({"key": key, "provider": provider, "extras": wanted}), encoding="utf-8")


def pip(verb: str, *arguments: str) -> None:
    """Run pip of `.venv`: with its progress on a terminal, else only its errors."""
    quiet = [] if sys.stderr.isatty() else ["-qq"]
    command = [str(venv_python()), "-m", "pip", verb, "--disable-pip-version-check", *quiet, *arguments]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        raise SetupError(f"pip {verb} failed, see above: run this again when the network (or the disk) is well; "
                         "what was downloaded is kept.")


def missing_packages(parts: tuple[str, ...]) -> list[str]:
    """The Debian packages whose libraries these parts of Qt miss, as `ldd` tells; an unknown library keeps its name."""
    question = "import importlib.util as u; print(u.find_spec('PySide6').origin)"
    where = subprocess.run([str(venv_python()), "-c", question], capture_output=True, text=True, check=True,
                           cwd=ROOT).stdout.strip()
    folder = Path(where).parent
    listing = subprocess.run(["ldd", *(str(folder / part) for part in parts if (folder / part).exists())],
                             capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}).stdout
    lost = {line.split("=>")[0].strip() for line in listing.splitlines() if line.rstrip().endswith("=> not found")}
    packages = {DEBIAN.get(name, name) for name in lost if not name.startswith("libQt6")}
    return sorted(packages | ({"fonts-dejavu-core"} if not has_font() else set()))


def has_font() -> bool:
    """Whether any font is installed: without one, Qt draws no text."""
    homes = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts",
             Path.home() / ".fonts")
    return any(next(home.rglob(f"*.{kind}"), None) for home in homes if home.is_dir() for kind in ("ttf", "otf", "pfb"))


def prepare_qt(*, screen: bool) -> None:
    """Find what Qt misses from the system (Linux only) and install or name it."""
    if sys.platform != "linux" or shutil.which("ldd") is None:
        return
    packages = missing_packages(QT_OFFSCREEN + (QT_X11 if screen else ()))
    if packages:
        install_debian(packages, "Qt")


def install_debian(packages: list[str], needer: str) -> None:
    """Install packages when we are root on Debian; otherwise name them in one line."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(f"{needer} misses system packages: run `sudo {line}` (or your system's like) and try again.")
    say(f"{needer} misses system packages, installing: {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
    if subprocess.run([*line.split(), "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL).returncode:
        raise SetupError(f"Installing them failed, see above: run `{line}` and try again.")


def studio(provider: str | None) -> int:
    """Set up and open the studio; returns its exit code."""
    install(provider, ())
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    screen = not platform.startswith(("offscreen", "minimal"))
    if sys.platform == "linux" and screen and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise SetupError("Everything is set up, but there is no display here to open the studio on; "
                         f"the command line works without one: {venv_python().parent / 'atelier'} --help")
    prepare_qt(screen=screen)
    code = subprocess.run([str(venv_python()), str(ROOT / "atelier.py")], check=False).returncode
    if code < 0:
        raise SetupError(f"The studio was ended by signal {-code}: if the lines above speak of a display or an xcb "
                         "plugin, check DISPLAY; `atelier doctor` tells more.")
    return code


def test(provider: str | None, arguments: list[str]) -> int:
    """Set up and run every check: ruff, mypy, pytest without a screen. All run even when one fails; 0 when all pass.

    Without arguments of one's own, the cores share the tests: a file stays whole, so what it prepares is made once.
    """
    install(provider, TEST_EXTRAS)
    prepare_qt(screen=False)
    calm = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    shared = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    failed = []
    for name, command in (("ruff", ["check", "."]), ("mypy", []), ("pytest", arguments or shared)):
        say(f"\n== {name}")
        if subprocess.run([str(venv_python()), "-m", name, *command], check=False, cwd=ROOT, env=calm).returncode:
            failed.append(name)
    say(f"\nNot passed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def inputs_digest() -> str:
    """Changes when the built folder would: our sources, the data, the spec, the installed versions."""
    digest = hashlib.sha256()
    files = [ROOT / name for name in ("atelier.py", "build.spec", "pyproject.toml", "THIRD_PARTY.md", "LICENSE")]
    for folder in ("engine", "export", "gui", "resources"):
        files += sorted(path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    for path in files:
        name, content = path.relative_to(ROOT).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{name} {content}\n".encode())
    freeze = subprocess.run([str(venv_python()), "-m", "pip", "freeze", "--all"], capture_output=True, check=False)
    return hashlib.sha256(digest.digest() + freeze.stdout).hexdigest()


def package(provider: str | None) -> int:
    """Build `dist/latent-atelier` with PyInstaller unless it is already what these sources make; its exit code."""
    install(provider, ("package",))
    prepare_qt(screen=False)
    mark, digest = ROOT / "dist" / "inputs.sha256", inputs_digest()
    if mark.exists() and mark.read_text(encoding="utf-8") == digest:
        say(f"{ROOT / 'dist' / 'latent-atelier'} is up to date.")
        return 0
    mark.unlink(missing_ok=True)
    command = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(ROOT / "dist"),
               "--workpath", str(ROOT / "build"), str(ROOT / "build.spec")]
    code = subprocess.run([str(venv_python()), *command], check=False, cwd=ROOT).returncode
    if code == 0:
        mark.write_text(digest, encoding="utf-8")
    return code


def main() -> int:
    """Read the command line; returns the exit code. Every known trouble is one sentence."""
    parser = argparse.ArgumentParser(description="Set up Latent Atelier in .venv and start it.")
    parser.add_argument("verb", choices=("studio", "test", "package"),
                        help="open the studio, run every test, or build the folder that runs without Python")
    parser.add_argument("--provider", choices=tuple(RUNTIMES), help="the ONNX Runtime to install (default: cpu)")
    parser.add_argument("arguments", nargs="*", help="for test: handed on to pytest (after --)")
    given = parser.parse_args()
    try:
        check_python(sys.version_info[:2])
        make_environment()
        if given.verb == "test":
            return test(given.provider, given.arguments)
        return package(given.provider) if given.verb == "package" else studio(given.provider)
    except SetupError as problem:
        say(f"bootstrap: {problem}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
