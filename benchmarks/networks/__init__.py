"""Public test sets, read from a folder that is not part of this repository."""
