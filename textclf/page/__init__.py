"""How HTML looks, at one place: whole pages, and snippets for notebooks."""
