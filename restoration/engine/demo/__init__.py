"""The concert tape that a bare archive renders for itself, and the model of composite tape that damaged it."""

from restoration.engine.demo.reel import render_tape

__all__ = ["render_tape"]
