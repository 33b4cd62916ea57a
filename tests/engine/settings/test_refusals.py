"""What cannot be is refused by one sentence that names the place where it stands."""

from typing import Any

import pytest

from restoration.engine.errors import SettingsError
from restoration.engine.settings import parse

TRIANGLE = [[0.1, 0.1], [0.2, 0.1], [0.1, 0.2]]


def exception(start: int, end: int, **changes: dict[str, Any]) -> dict[str, Any]:
    return {"overrides": [{"start": start, "end": end, "changes": changes}]}


def retouch(start: int, end: int, points: list[list[float]] = TRIANGLE) -> dict[str, Any]:
    return {"retouch": [{"start": start, "end": end, "points": points}]}


@pytest.mark.parametrize(("data", "sentence"), [
    ({"noise": {"luma": 2}}, "The setting noise.luma cannot be used: Input should be less than or equal to 1."),
    ({"nose": {}}, "The setting nose cannot be used: Extra inputs are not permitted."),
    (exception(3, 7, noise={"luma": 2}), "In the exception for the frames 3:7 the setting noise.luma cannot be used: "
                                         "Input should be less than or equal to 1."),
    (exception(3, 7, noise={"loma": 0}), "In the exception for the frames 3:7 the setting noise.loma cannot be used: "
                                         "Extra inputs are not permitted."),
    (exception(7, 7), "The exception for the frames 7:7 holds for no frame: its end must lie behind its start."),
    (exception(3, 7, upscale={"height": 720}), "The exception for the frames 3:7 changes “upscale”, which is the same "
                                               "for the whole reel. Leave it out there."),
    (exception(3, 7, nose={"luma": 0}), "The exception for the frames 3:7 changes “nose”, which is no section of the "
                                        "settings."),
    (exception(3, 7, retouch={"start": 0}), "The exception for the frames 3:7 changes “retouch”, which is no section "
                                            "of the settings."),
    (retouch(5, 5), "The retouch of the frames 5:5 holds for no frame: its end must lie behind its start."),
    (retouch(5, 6, TRIANGLE[:2]), "The retouch of the frames 5:6 has fewer than three corners, and no radius of a "
                                  "brush."),
    (retouch(5, 6, [[0.1, 0.1], [2, 0.1], [0.1, 0.2]]), "The retouch of the frames 5:6 lies beside the picture, which "
                                                        "reaches from 0 to 1."),
])
def test_what_cannot_be_is_named(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse(data)
    assert str(refusal.value) == sentence
