"""Faces as sharp as their own neighbouring moments show them, and nothing that these do not show.

Faces are found and followed (following.py, seeing.py), each is fused with itself at the moments around (fusing.py), of
which only detail of luma is given back: colour and what is coarse stay as recorded, so that a blue lamp stays blue. It
is weaker for small faces and for those that turn away, fades at the face's edge, leaves what is nearly black, and a
face that fails a gate (judging.py) stays as it was. A network of others may have a small part in it, inside the same
gates (drawing.py). Each output needs `reach` frames before and after it; a part of a shot that is given so many more at
each end equals the same frames of the whole bit for bit.
"""

from restoration.engine.enhancement.faces.mending import reach, restore_faces

__all__ = ["reach", "restore_faces"]
