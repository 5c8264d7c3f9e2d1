"""The engine: turns a frozen `Recipe` into an `Asset`. No Qt and no torch in here."""
