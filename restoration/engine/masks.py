"""The masks of what was changed in one shot, as its ledger keeps them: one zip, with a 1-bit PNG for each repair and
frame of the master. Light: no torch."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image


def named(repair: str, frame: int) -> str:
    """What the mask of a frame is called in the zip."""
    return f"{repair}/{frame}.png"


def shares_at(kept: Path, frame: int, repairs: Iterable[str]) -> dict[str, float]:
    """Of those repairs that have a mask of this frame: how much of the picture it is, 0..1."""
    shares = {}
    with zipfile.ZipFile(kept) as packed:
        names = set(packed.namelist())
        for repair in repairs:
            if named(repair, frame) in names:
                picture = Image.open(io.BytesIO(packed.read(named(repair, frame)))).convert("L")
                shares[repair] = picture.histogram()[255] / (picture.width * picture.height)
    return shares


def mask(kept: Path, repair: str, frame: int) -> bytes | None:
    """The PNG, white where the repair changed the picture, at the raster it worked on; None where it changed nothing or
    the whole picture."""
    with zipfile.ZipFile(kept) as packed:
        try:
            return packed.read(named(repair, frame))
        except KeyError:
            return None
