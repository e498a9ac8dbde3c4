"""`python -m docs.generate` writes the pages of `docs/reference`."""

from docs.generate import FOLDER, pages
from textclf.files import write_text

for name, text in pages().items():
    write_text(FOLDER / name, text)
