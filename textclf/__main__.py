"""`python -m textclf`."""

from textclf.cli.main import entry

if __name__ == "__main__":
    entry()
