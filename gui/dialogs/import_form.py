"""What a file cannot say and a person must: its name, the terms of its use, whom to credit, and open questions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QListView, QSpinBox, QVBoxLayout, QWidget

from engine.converting.messages import Inspection
from engine.packages.questions import Question, QuestionKind
from gui.dialogs.import_words import licences, told_plainly
from gui.widgets.boxes import WholeBox

ASKED_ABOVE = frozenset({"name", "license", "credit"})
"""Questions that the first fields answer already."""
GREATEST = 65536
Answer = QComboBox | QLineEdit | QSpinBox


class ImportForm(QWidget):
    """Fields over one inspection. `changed` tells that something was typed or chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: dict[str, tuple[Question, Answer]] = {}
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.license = QComboBox()
        self.license.setEditable(True)
        self.license.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        typed = QLineEdit()
        typed.setPlaceholderText(self.tr("Choose one, or type it"))
        self.license.setLineEdit(typed)
        self.license.setView(QListView())  # whose rows the style sheet gives some air
        for terms in licences():
            self.license.addItem(terms.words, terms.value)
        self.credit = QLineEdit()
        self.credit.setPlaceholderText(self.tr("Who made it; shown with the model"))
        self._hint = _reason("")
        self._form = _form()
        self._form.addRow(self.tr("Name"), self.name)
        self._form.addRow(self.tr("Licence"), _holder(self.license, self._hint))
        self._form.addRow(self.tr("Credit"), self.credit)
        self._questions = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(self._form)
        column.addWidget(self._questions)
        self.name.textChanged.connect(self.changed)
        self.license.currentTextChanged.connect(self.changed)
        self.credit.textChanged.connect(self.changed)

    def show_inspection(self, inspection: Inspection) -> None:
        """Hints as first answers; the licence stays open unless the file itself names one."""
        self.name.setText(inspection.name_hint or inspection.title[:80])
        self.name.setCursorPosition(0)
        self._choose_licence(inspection.license_hint)
        self._hint.setText(self.tr("So the files of the model say.") if inspection.license_hint else self.tr(
            "It is written into the package and into what you share: say what you know."))
        self.credit.setText(inspection.credit_hint)
        self._ask(tuple(question for question in inspection.questions if question.name not in ASKED_ABOVE))

    def terms(self) -> str:
        """The licence as it will be stored; empty while none was chosen."""
        text = self.license.currentText().strip()
        index = self.license.findText(text, Qt.MatchFlag.MatchExactly)
        return str(self.license.itemData(index)) if index >= 0 else text

    def answers(self) -> dict[str, str]:
        """The answers to the questions, those above included."""
        told = {"name": self.name.text().strip(), "license": self.terms(), "credit": self.credit.text().strip()}
        return told | {name: _text_of(field) for name, (_, field) in self._answers.items()}

    def missing(self) -> str:
        """What has to be filled in yet, as a sentence; empty when all is."""
        if not self.name.text().strip():
            return self.tr("Give it a name.")
        if not self.terms():
            return self.tr("Choose a licence: “I do not know” is an answer too.")
        open_ = next((question for question, field in self._answers.values()
                      if question.required and not _text_of(field)), None)
        return self.tr("Answer: {0}").format(told_plainly(open_.words)) if open_ is not None else ""

    def answer_field(self, name: str) -> Answer:
        """The field of a question. Raises KeyError."""
        return self._answers[name][1]

    def _choose_licence(self, hint: str) -> None:
        index = self.license.findData(hint) if hint else -1
        self.license.setCurrentIndex(index)
        self.license.setEditText(self.license.itemText(index) if index >= 0 else hint)

    def _ask(self, questions: tuple[Question, ...]) -> None:
        old = self._questions
        self._questions = QWidget()
        self._answers = {}
        form = _form()
        self._questions.setLayout(form)
        for question in questions:
            field = _field(question)
            self._answers[question.name] = (question, field)
            _watch(field, self.changed)
            reasons = [_reason(question.why)] if question.why else []
            form.addRow(_label(told_plainly(question.words)), _holder(field, *reasons))
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(old, self._questions)
        self._questions.setVisible(bool(questions))
        old.deleteLater()


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(9)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    return form


def _label(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _reason(why: str) -> QLabel:
    """A quiet remark below a field."""
    reason = QLabel(told_plainly(why), wordWrap=True)
    reason.setProperty("role", "muted")
    reason.setTextFormat(Qt.TextFormat.PlainText)
    return reason


def _holder(*widgets: QWidget) -> QWidget:
    """Widgets close below each other."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def _field(question: Question) -> Answer:
    """The field that suits the kind of answer, at our guess."""
    if question.kind is QuestionKind.CHOICE:
        drop = QComboBox()
        for option in question.options:
            drop.addItem(told_plainly(option.label), option.value)
        drop.setCurrentIndex(drop.findData(question.guess))
        drop.setAccessibleName(told_plainly(question.words))
        return drop
    if question.kind is QuestionKind.NUMBER:
        box = WholeBox(1, GREATEST, told_plainly(question.words))
        box.setValue(int(question.guess) if question.guess.isdecimal() else 1)
        return box
    line = QLineEdit(question.guess)
    line.setAccessibleName(told_plainly(question.words))
    return line


def _text_of(field: Answer) -> str:
    if isinstance(field, QComboBox):
        return str(field.currentData() or "")
    return str(field.value()) if isinstance(field, QSpinBox) else field.text().strip()


def _watch(field: Answer, changed: object) -> None:
    signal = (field.currentIndexChanged if isinstance(field, QComboBox)
              else field.valueChanged if isinstance(field, QSpinBox) else field.textChanged)
    signal.connect(changed)
