"""A document: the tree of what was made, its thumbnails and source pictures, in one `.atelier` file. No Qt here."""
