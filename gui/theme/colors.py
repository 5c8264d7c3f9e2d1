"""The two colour schemes of the studio, as plain data, and the Qt palette made from them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Colors:
    """Named colours ("#rrggbb") of one scheme; every widget and the style sheet draw from these alone."""

    name: str
    window: str          # frame around the work
    panel: str           # raised surfaces: control panel, dialogs' cards
    field: str           # inputs
    canvas: str          # backdrop of the picture, close to neutral grey
    checker_light: str
    checker_dark: str
    border: str
    border_strong: str
    text: str
    muted: str           # secondary words; at least 4.5 : 1 on window and panel
    disabled: str
    accent: str          # fills: primary button, slider
    accent_hover: str
    accent_text: str     # on accent
    link: str            # accent as text
    track: str           # empty part of a slider
    hover: str
    pressed: str
    danger: str
    warning: str
    good: str
    star: str            # of a rating
    banner: str          # backdrop of a banner
    toast: str
    toast_text: str
    toast_link: str


DARK = Colors(
    name="dark", window="#1b1c1f", panel="#232529", field="#1a1b1e", canvas="#141517",
    checker_light="#7b7c80", checker_dark="#6c6d71", border="#34373c", border_strong="#484c53",
    text="#e8e9eb", muted="#9da3ac", disabled="#666b73", accent="#4c7df0", accent_hover="#6290f7",
    accent_text="#ffffff", link="#8fb0ff", track="#3d4148", hover="#2f3237", pressed="#3a3e44",
    danger="#f27b7b", warning="#e8b45c", good="#62c08a", star="#e8b45c", banner="#2b2d32",
    toast="#eceef1", toast_text="#1d1f23", toast_link="#2450c4",
)

LIGHT = Colors(
    name="light", window="#f3f4f6", panel="#ffffff", field="#ffffff", canvas="#dfe1e5",
    checker_light="#ffffff", checker_dark="#e6e6e6", border="#d9dce2", border_strong="#b9bec7",
    text="#1c1e22", muted="#5f6672", disabled="#a3a8b1", accent="#2f62e0", accent_hover="#2453c8",
    accent_text="#ffffff", link="#2450c4", track="#d5d9e0", hover="#eceef2", pressed="#e0e3e9",
    danger="#c2352f", warning="#9a6200", good="#1f8a55", star="#c78500", banner="#ffffff",
    toast="#24262b", toast_text="#f2f3f5", toast_link="#9dbaff",
)


def palette_of(colors: Colors) -> QPalette:
    """The Qt palette of a scheme, with its disabled group."""
    palette = QPalette()
    roles = QPalette.ColorRole
    plain = {
        roles.Window: colors.window, roles.WindowText: colors.text, roles.Base: colors.field,
        roles.AlternateBase: colors.panel, roles.Text: colors.text, roles.Button: colors.panel,
        roles.ButtonText: colors.text, roles.BrightText: colors.danger, roles.Highlight: colors.accent,
        roles.HighlightedText: colors.accent_text, roles.ToolTipBase: colors.toast,
        roles.ToolTipText: colors.toast_text, roles.PlaceholderText: colors.muted, roles.Link: colors.link,
        roles.LinkVisited: colors.link, roles.Light: colors.border, roles.Midlight: colors.border,
        roles.Mid: colors.border_strong, roles.Dark: colors.border_strong, roles.Shadow: colors.canvas,
        roles.Accent: colors.accent,
    }
    for role, color in plain.items():
        palette.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(colors.track))
    return palette
