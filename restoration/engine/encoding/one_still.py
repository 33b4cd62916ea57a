"""One exact still in a process of its own, for whoever must not decode video: a request on stdin, a PNG on stdout.

`python -m restoration.engine.encoding.one_still` reads one JSON object: {side: "a" | "b", path, frame} and for side
"a", the original, also {facts, settings, first_frame}; with {size: [width, height]} the still is scaled to it. Exit
status 0 with the PNG; 2 with {text, values} as JSON on stderr: an English sentence with {placeholders} and what fills
them. Light: no torch.
"""

import json
import sys
from pathlib import Path
from typing import Any

from restoration.engine.encoding.stills import still_of_master, still_of_source
from restoration.engine.errors import EngineError
from restoration.engine.facts import SourceFacts
from restoration.engine.settings import parse


def still(asked: dict[str, Any]) -> bytes:
    """The PNG that a request asks for. Raises SourceError, SettingsError."""
    path, frame = Path(asked["path"]), int(asked["frame"])
    size = (int(asked["size"][0]), int(asked["size"][1])) if "size" in asked else None
    if asked["side"] == "b":
        return still_of_master(path, frame, size=size)
    return still_of_source(path, frame, facts=SourceFacts.model_validate(asked["facts"]),
                           settings=parse(asked["settings"]), first_frame=int(asked["first_frame"]), size=size)


def main() -> int:
    try:
        sys.stdout.buffer.write(still(json.load(sys.stdin)))
    except EngineError as error:
        values = {name: str(value) for name, value in error.values.items()}
        json.dump({"text": error.text, "values": values}, sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
