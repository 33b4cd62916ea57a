"""The concert tape that a bare archive renders for itself."""

from restoration.engine.demo.reel import render_tape

__all__ = ["render_tape"]
