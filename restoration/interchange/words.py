"""What other programs call the things of a remark."""

from django.utils.translation import override

from restoration.vocabularies import AnnotationCategory, PictureSide

# Each of our columns, and what it is called elsewhere. "out" is the first frame that no longer belongs to the remark.
COLUMNS = {
    "note": ("note", "number", "id", "#"),
    "reply_to": ("reply_to",),
    "first_frame": ("first_frame", "frame", "start_frame", "frame_in", "start"),
    "last_frame": ("last_frame",),
    "first_timecode": ("first_timecode", "timecode", "timecode_in", "tc", "tc_in", "in", "start_timecode", "record_in"),
    "last_timecode": ("last_timecode",),
    "out": ("timecode_out", "tc_out", "out", "record_out"),
    "rate": ("rate", "fps", "frame_rate"),
    "side": ("side",),
    "category": ("category", "type", "tag"),
    "text": ("text", "comment", "comments", "notes", "message", "description"),
    "author": ("author", "commenter", "by", "user", "reviewer", "created_by"),
    "written_at": ("written_at", "created_at", "date", "created"),
    "state": ("state", "status", "resolved", "done", "completed"),
    "resolved_by": ("resolved_by",),
    "drawing": ("drawing",),
}
RESOLVED = {"resolved", "done", "closed", "completed", "complete", "fixed", "true", "yes", "1"}


def column(heading: str) -> str | None:
    """Our name of a column; None for one we know nothing of."""
    plain = "_".join(heading.strip().casefold().replace("-", " ").split())
    return next((ours for ours, theirs in COLUMNS.items() if plain in theirs), None)


def category(word: str) -> str | None:
    """The category that a word names, as stored or as people read it in one of our languages."""
    return _term(word, AnnotationCategory)


def side(word: str) -> str | None:
    return _term(word, PictureSide)


def _term(word: str, terms: type[AnnotationCategory] | type[PictureSide]) -> str | None:
    plain = word.strip().casefold()
    for language in ("en", "zh-hans"):
        with override(language):
            for term in terms:
                if plain in (term.value, str(term.label).casefold()):
                    return term.value
    return None
