"""One mask in a process of its own, for whoever must not load torch: a request on stdin, a PNG on stdout.

`python -m restoration.engine.analysis.one_mask` reads one JSON object: {path, report, frame, defect, size: [width,
height]}. Exit status 0 with the PNG, transparent but for the damage; 2 with {text, values} as JSON on stderr.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from restoration.engine.analysis.evidence import mask_of
from restoration.engine.errors import EngineError
from restoration.engine.facts import AnalysisReport

# Magenta is rare in what is filmed, and is told from both bright and dark damage.
PAINT = (255, 0, 170, 190)


def painted(mask: Tensor | None, size: tuple[int, int]) -> bytes:
    """The mask as a PNG of that width and height; where there is none, nothing is painted."""
    codes = np.zeros((1, 1), np.uint8) if mask is None else mask.numpy().astype(np.uint8) * 255
    area = Image.fromarray(codes).resize(size, Image.Resampling.BILINEAR).point(lambda value: PAINT[3] if value else 0)
    picture = Image.new("RGBA", size, PAINT)
    picture.putalpha(area)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def mask(asked: dict[str, Any]) -> bytes:
    """The PNG that a request asks for. Raises SourceError."""
    width, height = asked["size"]
    found = mask_of(Path(asked["path"]), AnalysisReport.model_validate(asked["report"]), int(asked["frame"]),
                    str(asked["defect"]))
    return painted(found, (int(width), int(height)))


def main() -> int:
    try:
        sys.stdout.buffer.write(mask(json.load(sys.stdin)))
    except EngineError as error:
        values = {name: str(value) for name, value in error.values.items()}
        json.dump({"text": error.text, "values": values}, sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
