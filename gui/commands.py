"""The table of everything a person can ask for. Menus, toolbar, shortcuts and the shortcut sheet are built from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

from gui.marking import QT_TRANSLATE_NOOP
from gui.theme import Theme

CONTEXT = "Commands"


@dataclass(frozen=True)
class Facts:
    """What decides whether a command can be given now."""

    package: bool = False
    result: bool = False               # something was made: a picture, texts, a palette
    picture: bool = False              # it is a picture, on the canvas
    undo: bool = False
    redo: bool = False
    seed: bool = False
    sliders: bool = False
    states: bool = False               # the document has some
    away: bool = False                 # something else than the stage fills the window: its commands rest


def _always(_: Facts) -> bool:
    return True


def _staged(facts: Facts) -> bool:
    return not facts.away


def _package(facts: Facts) -> bool:
    return facts.package


def _picture(facts: Facts) -> bool:
    return facts.picture


def _result(facts: Facts) -> bool:
    return facts.result


def _states(facts: Facts) -> bool:
    return facts.states


def _seed(facts: Facts) -> bool:
    return facts.seed


@dataclass(frozen=True)
class Command:
    """One user action. Texts are English sources of the context `Commands`."""

    id: str
    menu: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    when: Callable[[Facts], bool] = _always
    tip: str = ""
    checkable: bool = False
    starts_section: bool = False

    def words(self) -> str:
        """The text in the language of the screen."""
        return QCoreApplication.translate(CONTEXT, self.text)


MENUS = (
    QT_TRANSLATE_NOOP("Commands", "&File"),
    QT_TRANSLATE_NOOP("Commands", "&Edit"),
    QT_TRANSLATE_NOOP("Commands", "Hi&story"),
    QT_TRANSLATE_NOOP("Commands", "&Models"),
    QT_TRANSLATE_NOOP("Commands", "&View"),
    QT_TRANSLATE_NOOP("Commands", "&Help"),
)
FILE, EDIT, HISTORY, MODELS, VIEW, HELP = MENUS

COMMANDS = (
    Command("new_document", FILE, QT_TRANSLATE_NOOP("Commands", "New document"), "", ("Ctrl+N",),
            tip=QT_TRANSLATE_NOOP("Commands", "An empty history, which begins with what you see")),
    Command("open_file", FILE, QT_TRANSLATE_NOOP("Commands", "Open…"), "folder-open", ("Ctrl+Shift+O",),
            tip=QT_TRANSLATE_NOOP("Commands", "A document, or the state inside a kept picture, text or palette")),
    Command("open_recent", FILE, QT_TRANSLATE_NOOP("Commands", "Open recent")),
    Command("save_document", FILE, QT_TRANSLATE_NOOP("Commands", "Save document"), "", ("Ctrl+Shift+D",), _states,
            QT_TRANSLATE_NOOP("Commands", "All states of the history, their pictures and sources, in one file"),
            starts_section=True),
    Command("save_document_as", FILE, QT_TRANSLATE_NOOP("Commands", "Save document as…"), "", (), _states),
    Command("keep", FILE, QT_TRANSLATE_NOOP("Commands", "Keep"), "download", ("Ctrl+S",), _result,
            QT_TRANSLATE_NOOP("Commands", "Save this result, with its recipe inside, in the keep folder"),
            starts_section=True),
    Command("save_as", FILE, QT_TRANSLATE_NOOP("Commands", "Keep as…"), "", ("Ctrl+Shift+S",), _result),
    Command("open_keep_folder", FILE, QT_TRANSLATE_NOOP("Commands", "Open keep folder")),
    Command("batch", FILE, QT_TRANSLATE_NOOP("Commands", "Batch…"), "images", ("Ctrl+B",), _package,
            QT_TRANSLATE_NOOP("Commands", "Render many seeds with the present settings"), starts_section=True),
    Command("quit", FILE, QT_TRANSLATE_NOOP("Commands", "Quit"), "", ("Ctrl+Q",), starts_section=True),
    Command("undo", EDIT, QT_TRANSLATE_NOOP("Commands", "Undo"), "undo-2", ("Ctrl+Z",), lambda facts: facts.undo),
    Command("redo", EDIT, QT_TRANSLATE_NOOP("Commands", "Redo"), "redo-2", ("Ctrl+Shift+Z", "Ctrl+Y"),
            lambda facts: facts.redo),
    Command("copy_image", EDIT, QT_TRANSLATE_NOOP("Commands", "Copy result"), "copy", ("Ctrl+C",), _result,
            QT_TRANSLATE_NOOP("Commands", "Copy the picture, the texts or the colours"), starts_section=True),
    Command("run", EDIT, QT_TRANSLATE_NOOP("Commands", "Run"), "play", ("Ctrl+Return", "Ctrl+Enter"), _package,
            QT_TRANSLATE_NOOP("Commands", "Make the result of these settings"), starts_section=True),
    Command("run_new_seed", EDIT, QT_TRANSLATE_NOOP("Commands", "Run with a new seed"), "",
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), _seed),
    Command("new_seed", EDIT, QT_TRANSLATE_NOOP("Commands", "New seed"), "dices", ("R",), _seed,
            QT_TRANSLATE_NOOP("Commands", "Another result with the same settings")),
    Command("previous_seed", EDIT, QT_TRANSLATE_NOOP("Commands", "Previous seed"), "arrow-left", ("Shift+R",), _seed),
    Command("randomise", EDIT, QT_TRANSLATE_NOOP("Commands", "Randomise sliders"), "shuffle", ("Ctrl+R",),
            lambda facts: facts.sliders,
            QT_TRANSLATE_NOOP("Commands", "Throw all sliders that are not locked")),
    Command("stop", EDIT, QT_TRANSLATE_NOOP("Commands", "Stop rendering"), "", ("Esc",),
            lambda facts: facts.package or facts.away),
    Command("reset", EDIT, QT_TRANSLATE_NOOP("Commands", "Reset everything"), "rotate-ccw", ("Ctrl+Backspace",),
            _package),
    Command("seek", EDIT, QT_TRANSLATE_NOOP("Commands", "Search what you kept"), "search", ("Ctrl+F",),
            starts_section=True),
    Command("settings", EDIT, QT_TRANSLATE_NOOP("Commands", "Settings…"), "settings", ("Ctrl+,",), starts_section=True),
    Command("pin_state", HISTORY, QT_TRANSLATE_NOOP("Commands", "Pin this state"), "star", ("P", "Ctrl+D"), _states,
            QT_TRANSLATE_NOOP("Commands", "Mark this state: pinned ones are never thinned out")),
    Command("name_state", HISTORY, QT_TRANSLATE_NOOP("Commands", "Name this state…"), "", ("F2",), _states),
    Command("compare_states", HISTORY, QT_TRANSLATE_NOOP("Commands", "Compare"), "columns-2", ("Ctrl+K",), _states,
            QT_TRANSLATE_NOOP("Commands", "Two states that you picked with Ctrl, or this one and the one before")),
    Command("delete_branch", HISTORY, QT_TRANSLATE_NOOP("Commands", "Delete branch from here"), "", (), _states),
    Command("go_parent", HISTORY, QT_TRANSLATE_NOOP("Commands", "State before"), "", ("Alt+Up",), _states,
            starts_section=True),
    Command("go_child", HISTORY, QT_TRANSLATE_NOOP("Commands", "State after"), "", ("Alt+Down",), _states),
    Command("go_previous", HISTORY, QT_TRANSLATE_NOOP("Commands", "Branch to the left"), "", ("Alt+Left",), _states),
    Command("go_next", HISTORY, QT_TRANSLATE_NOOP("Commands", "Branch to the right"), "", ("Alt+Right",), _states),
    Command("show_history", HISTORY, QT_TRANSLATE_NOOP("Commands", "Show history"), "history", ("F7",), _staged,
            checkable=True, starts_section=True),
    Command("open_model", MODELS, QT_TRANSLATE_NOOP("Commands", "Open model…"), "package-open", ("Ctrl+O",),
            tip=QT_TRANSLATE_NOOP("Commands", "Choose one of your models")),
    Command("import_file", MODELS, QT_TRANSLATE_NOOP("Commands", "Import…"), "package-plus", ("Ctrl+I",),
            tip=QT_TRANSLATE_NOOP("Commands", "Bring in a checkpoint, an ONNX file or a model package"),
            starts_section=True),
    Command("import_folder", MODELS, QT_TRANSLATE_NOOP("Commands", "Import folder…"), "folder-input",
            ("Ctrl+Shift+I",),
            tip=QT_TRANSLATE_NOOP("Commands", "Bring in a diffusers or Transformers folder, or a package folder")),
    Command("create", VIEW, QT_TRANSLATE_NOOP("Commands", "Create"), "sliders-horizontal", checkable=True,
            tip=QT_TRANSLATE_NOOP("Commands", "The open model: its sliders and what it makes")),
    Command("library", VIEW, QT_TRANSLATE_NOOP("Commands", "Library"), "library", ("Ctrl+L",), checkable=True,
            tip=QT_TRANSLATE_NOOP("Commands", "Everything you kept, to look through, sort and find")),
    Command("fit", VIEW, QT_TRANSLATE_NOOP("Commands", "Fit"), "maximize", ("Ctrl+0",), _picture,
            QT_TRANSLATE_NOOP("Commands", "Show the whole picture"), starts_section=True),
    Command("actual_size", VIEW, QT_TRANSLATE_NOOP("Commands", "Actual pixels"), "actual-size", ("Ctrl+1",), _picture),
    Command("zoom_in", VIEW, QT_TRANSLATE_NOOP("Commands", "Zoom in"), "zoom-in", ("Ctrl+=", "Ctrl++"), _picture),
    Command("zoom_out", VIEW, QT_TRANSLATE_NOOP("Commands", "Zoom out"), "zoom-out", ("Ctrl+-",), _picture),
    Command("show_panel", VIEW, QT_TRANSLATE_NOOP("Commands", "Control panel"), "panel-right", ("F4",), _staged,
            checkable=True, starts_section=True),
    Command("show_filmstrip", VIEW, QT_TRANSLATE_NOOP("Commands", "Kept pictures"), "panel-bottom", ("F6",), _staged,
            checkable=True),
    Command("full_screen", VIEW, QT_TRANSLATE_NOOP("Commands", "Full screen"), "", ("F11",), checkable=True),
    Command("shortcuts", HELP, QT_TRANSLATE_NOOP("Commands", "Keyboard shortcuts"), "keyboard", ("F1",)),
    Command("open_log", HELP, QT_TRANSLATE_NOOP("Commands", "Open log folder")),
    Command("restart_engine", HELP, QT_TRANSLATE_NOOP("Commands", "Restart engine"), "refresh-cw",
            tip=QT_TRANSLATE_NOOP("Commands", "Start the process that runs models again; nothing is lost")),
    Command("about", HELP, QT_TRANSLATE_NOOP("Commands", "About Latent Atelier"), "info", starts_section=True),
    Command("about_qt", HELP, QT_TRANSLATE_NOOP("Commands", "About Qt")),
)


def native(keys: str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def keys_of(name: str) -> str:
    """The first shortcut of a command, as this system writes it. Raises StopIteration for an unknown one."""
    return native(next(command.keys[0] for command in COMMANDS if command.id == name))


class ActionSet(QObject):
    """One QAction per command, enabled as the facts allow."""

    def __init__(self, theme: Theme, handlers: Mapping[str, Callable[[], object]], parent: QObject) -> None:
        """`handlers` has one function per command id. Raises KeyError when one is missing."""
        super().__init__(parent)
        self._theme = theme
        self._actions: dict[str, QAction] = {}
        self._facts: Facts | None = None
        for command in COMMANDS:
            action = QAction(command.words(), self)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setCheckable(command.checkable)
            keys = native(command.keys[0]) if command.keys else ""
            words = QCoreApplication.translate(CONTEXT, command.tip) if command.tip else command.words().rstrip("…")
            action.setToolTip(f"{words} ({keys})" if keys else words)
            action.triggered.connect(lambda _=False, run=handlers[command.id]: run())
            self._actions[command.id] = action
        theme.changed.connect(self.restyle)
        self.restyle()

    def __getitem__(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def consider(self, facts: Facts) -> None:
        """Enable what can be done now. Asked at every move of a slider, of which few change a fact."""
        if facts == self._facts:
            return
        self._facts = facts
        for command in COMMANDS:
            self._actions[command.id].setEnabled(command.when(facts))

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        for command in COMMANDS:
            if command.icon:
                self._actions[command.id].setIcon(self._theme.icon(command.icon))
