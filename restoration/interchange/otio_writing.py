"""Remarks as markers on one clip of an OpenTimelineIO timeline, in the clip's own time."""

from collections.abc import Iterable
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from restoration.interchange.carried import Carried
from restoration.interchange.colours import COLOURS
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory

# Whatever only we know of a remark stands in the marker's metadata under this name.
OURS = "patina"


def written(remarks: Iterable[Carried], reel: ReelTime, *, title: str, clip_name: str) -> str:
    """The whole file as OTIO's JSON. The clip begins at the reel's first timecode."""
    rate = float(reel.rate)
    whole = TimeRange(RationalTime(reel.start, rate), RationalTime(reel.frames, rate))
    clip = otio.schema.Clip(name=clip_name, source_range=whole,
                            media_reference=otio.schema.MissingReference(available_range=whole))
    clip.markers.extend(_marker(remark, reel, rate) for remark in remarks)
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video, children=[clip])
    timeline = otio.schema.Timeline(name=title, global_start_time=whole.start_time)
    timeline.tracks.append(track)
    told: str = otio.adapters.write_to_string(timeline, "otio_json")
    return told


def _marker(remark: Carried, reel: ReelTime, rate: float) -> Any:
    told = remark.as_json()
    ours = {name: told[name] for name in ("side", "category", "author", "written_at", "resolved_by", "is_resolved")}
    ours["drawing"] = list(told["drawing"])
    ours["replies"] = list(told["replies"])
    return otio.schema.Marker(
        name=AnnotationCategory(remark.category).name.replace("_", " ").capitalize(), comment=remark.text,
        color=COLOURS[remark.category][0], metadata={OURS: ours},
        marked_range=TimeRange(RationalTime(reel.start + remark.start, rate),
                               RationalTime(remark.end - remark.start, rate)))
