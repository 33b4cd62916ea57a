"""Controlled terms of restoration. The stored value is the left column; the label is translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkState(TextChoices):
    """Of whatever a worker does. Changed only by actions, by conditional update."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    LOST = "lost", _("Lost")


ENDED_STATES = (WorkState.FINISHED, WorkState.FAILED, WorkState.CANCELLED, WorkState.LOST)
RESUMABLE_STATES = (WorkState.FAILED, WorkState.CANCELLED, WorkState.LOST)


class VersionState(TextChoices):
    """Derived from a version's runs and reviews; kept in a column by the actions."""

    PLANNED = "planned", _("Planned")
    IN_WORK = "in_work", _("In work")
    TO_REVIEW = "to_review", _("To review")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Verdict(TextChoices):
    """Of a version, by one person, at one stage of its approval."""

    APPROVED = "approved", _("Approved")
    APPROVED_WITH_NOTES = "approved_with_notes", _("Approved with notes")
    REJECTED = "rejected", _("Rejected")
    ABSTAINED = "abstained", _("Abstained")


APPROVALS = (Verdict.APPROVED, Verdict.APPROVED_WITH_NOTES)


class DeliveryState(TextChoices):
    DRAFT = "draft", _("Draft")
    PACKAGING = "packaging", _("Being packaged")
    PACKAGED = "packaged", _("Packaged")
    RELEASED = "released", _("Released")
    REVOKED = "revoked", _("Revoked")


class ItemKind(TextChoices):
    MASTER = "master", _("Master")
    MEZZANINE = "mezzanine", _("Mezzanine")
    ACCESS = "access", _("Viewing copy")
    WIDE_RANGE = "wide_range", _("Wide-range copy")
    CLIP = "clip", _("Before/after clip")
    MANIFEST = "manifest", _("Manifest")
    SHEET = "sheet", _("Restoration sheet")


class ClipStyle(TextChoices):
    """How a before/after clip shows both sides; or, for two eyes, the restored one alone."""

    WIPE = "wipe", pgettext_lazy("clip", "Wipe")
    SIDE_BY_SIDE = "side_by_side", pgettext_lazy("clip", "Side by side")
    STEREO = "stereo", pgettext_lazy("clip", "For two eyes (3D)")


class NetworkPurpose(TextChoices):
    """What a network was trained for, as its architecture says."""

    ENLARGE = "enlarge", _("Enlarges")
    CLEAN = "clean", _("Cleans")
    FACES = "faces", _("Draws faces")
    FILL = "fill", _("Fills holes")


class PictureSide(TextChoices):
    """On which side of the comparison a reviewer saw something."""

    ORIGINAL = "original", pgettext_lazy("picture", "Original")
    RESTORED = "restored", pgettext_lazy("picture", "Restored")
    BOTH = "both", _("Both sides")


class AnnotationCategory(TextChoices):
    """What a reviewer's remark is about."""

    PLASTIC_FACES = "plastic_faces", _("Plastic faces")
    LOST_GRAIN = "lost_grain", _("Lost grain")
    GHOSTING = "ghosting", _("Ghosting")
    FLICKER_LEFT = "flicker_left", _("Flicker left")
    COLOUR_SHIFT = "colour_shift", _("Colour shift")
    INVENTED_DETAIL = "invented_detail", _("Invented detail")
    MISSED_DAMAGE = "missed_damage", _("Missed damage")
    SOUND = "sound", _("Sound")
    OTHER = "other", _("Other")


class ShotJudgement(TextChoices):
    """Of one shot, by one person."""

    GOOD = "good", _("Good")
    BAD_CASE = "bad_case", _("Bad case")


class Preference(TextChoices):
    """Of two versions that are shown side by side without their names."""

    LEFT = "left", _("The left one")
    RIGHT = "right", _("The right one")
    NEITHER = "neither", _("No difference")
