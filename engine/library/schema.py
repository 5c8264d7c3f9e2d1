"""The tables of the library, as steps from one version to the next. A step that was released is never changed.

`LIBRARY` is what a person would miss. `MADE` can be made again: small pictures and vectors; it is a file of its own, so
that the other one stays small enough to be checked and copied often.
"""

from __future__ import annotations

LIBRARY = (
    (
        # AUTOINCREMENT: an id that was forgotten never comes back as another entry.
        """CREATE TABLE entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,          -- of the file, as it is sorted
            said TEXT NOT NULL,          -- all that is searched by words
            mark INTEGER NOT NULL,       -- the recipe's fingerprint
            wording INTEGER NOT NULL,    -- the fingerprint of `contents.words`
            package TEXT NOT NULL,
            package_name TEXT NOT NULL,
            medium TEXT NOT NULL,
            rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
            kept INTEGER NOT NULL,       -- microseconds since 1970, UTC
            parent INTEGER REFERENCES entries (id) ON DELETE SET NULL,
            missing INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX entries_by_kept ON entries (kept, id)",
        "CREATE INDEX entries_by_rating ON entries (rating, kept, id)",
        "CREATE INDEX entries_by_name ON entries (name)",
        "CREATE INDEX entries_by_package ON entries (package)",
        "CREATE INDEX entries_by_mark ON entries (mark)",
        "CREATE INDEX entries_by_parent ON entries (parent)",
        # What is only read to show an entry lies apart: searching then passes over a tenth of the bytes.
        """CREATE TABLE contents (
            entry INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
            recipe TEXT NOT NULL,
            texts TEXT NOT NULL,
            colors TEXT NOT NULL,
            words TEXT NOT NULL
        )""",
        """CREATE TABLE tags (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE  -- upper and lower case do not differ
        )""",
        """CREATE TABLE tagged (
            tag INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
            entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            PRIMARY KEY (tag, entry)
        ) WITHOUT ROWID""",
        "CREATE INDEX tagged_by_entry ON tagged (entry)",
    ),
)

MADE = (
    (
        "CREATE TABLE pictures (mark INTEGER PRIMARY KEY, png BLOB NOT NULL)",
        "CREATE TABLE vectors (wording INTEGER PRIMARY KEY, encoder TEXT NOT NULL, vector BLOB NOT NULL)",
    ),
)
