"""Files in the formats that designers use, with the recipe inside. The only importer of Pillow."""
