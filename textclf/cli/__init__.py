"""The commands: each a thin file that calls the library and prints what it returns."""
