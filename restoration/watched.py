"""What a reviewer's browser says it has shown. It is kept as said and never trusted for more.

As sent: {"frames": [[first, end], …], "modes": {"wipe": 120, …}, "zooms": {"fit": 90, "1": 30}, "exact": 4}, frames of
the pair reel without `end`, and how many pictures were shown in each mode, at each zoom, and as exact stills. As kept:
{"seen": frames, "of": frames, "shots": numbers of the shots of which at least half was seen, "of_shots": how many there
are, "modes": […], "zooms": […], "exact": pictures}; {} where the browser said nothing.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

LONGEST_REPORT = 200_000
MOST_NAMES = 16
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
MODES = {
    "wipe": gettext_lazy("Wipe"), "side": gettext_lazy("Side by side"), "flick": gettext_lazy("Flick"),
    "difference": gettext_lazy("Difference"), "blend": gettext_lazy("Blend"),
    "changed": gettext_lazy("What changed"),
}


def parse(text: str, *, frames: int, shots: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What is kept of a report about a reel of so many frames, whose shots begin and end (without `end`) there. What
    cannot be read says nothing; it never stands in the way of a decision."""
    try:
        told = json.loads(text) if 0 < len(text) <= LONGEST_REPORT else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict) or not frames:
        return {}
    spans = list(_joined(_spans(told.get("frames"), frames)))
    seen = [index for index, (start, end) in enumerate(shots) if 2 * _within(spans, start, end) >= end - start > 0]
    return {"seen": _within(spans, 0, frames), "of": frames, "shots": [index + 1 for index in seen],
            "of_shots": len(shots), "modes": _names(told.get("modes")), "zooms": _names(told.get("zooms")),
            "exact": min(_whole(told.get("exact")), frames)}


def in_words(watched: dict[str, Any]) -> str:
    """One line for people, in their language."""
    if not watched:
        return _("What was watched was not reported.")
    between = pgettext("between words", ", ")
    told = [_("%(share)s %% of the frames") % {"share": _percent(watched["seen"], watched["of"])}]
    if watched["of_shots"]:
        told.append(_("%(seen)s of %(all)s shots") % {"seen": len(watched["shots"]), "all": watched["of_shots"]})
    told += [str(MODES.get(mode, mode)) for mode in watched["modes"]]
    told += [f"{zoom}:1" for zoom in watched["zooms"] if zoom.isdecimal()]
    if watched["exact"]:
        told.append(ngettext("%(count)s exact still", "%(count)s exact stills", watched["exact"]) % {
            "count": watched["exact"]})
    return between.join(told)


def _percent(part: int, whole: int) -> int:
    """All of it, and nothing of it, are said of nothing less."""
    return part * 100 // whole or (1 if part else 0)


def _spans(told: Any, frames: int) -> list[tuple[int, int]]:
    pairs = told if isinstance(told, list) else []
    return sorted((max(0, pair[0]), min(frames, pair[1])) for pair in pairs
                  if isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
                  and pair[0] < min(frames, pair[1]) and pair[1] > 0)


def _joined(spans: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The same frames, each once."""
    reached = 0
    for start, end in spans:
        if end > reached:
            yield max(start, reached), end
            reached = end


def _within(spans: Iterable[tuple[int, int]], start: int, end: int) -> int:
    return sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in spans)


def _names(told: Any) -> list[str]:
    """Those that were shown at all, the longest shown first."""
    counts = told if isinstance(told, dict) else {}
    known = [(-_whole(count), name) for name, count in counts.items() if _NAME.fullmatch(name) and _whole(count)]
    return [name for _count, name in sorted(known)[:MOST_NAMES]]


def _whole(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0
