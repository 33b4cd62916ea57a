"""What one looks at instead of the file itself: poster, filmstrip, waveform and viewing proxy, made in one pass."""

from archive.previews.making import NAMES, PreviewError, make_previews

__all__ = ["NAMES", "PreviewError", "make_previews"]
