"""Controlled terms. The stored value is the left column; the label is translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    ARCHIVIST = "archivist", _("Archivist")
    RESTORER = "restorer", _("Restorer")
    REVIEWER = "reviewer", _("Reviewer")
    RIGHTS_HOLDER = "rights_holder", _("Rights holder")
    ADMINISTRATOR = "administrator", _("Administrator")


class AssetKind(TextChoices):
    FILM = "film", _("Film")
    PROGRAMME = "programme", _("Programme")
    EPISODE = "episode", _("Episode")
    CONCERT = "concert", _("Concert")


class TitleType(TextChoices):
    """EN 15907 / AV-EFI title types."""

    PREFERRED = "preferred", _("Preferred")
    ORIGINAL = "original", pgettext_lazy("title", "Original")
    TRANSLATED = "translated", _("Translated")
    TRANSLITERATED = "transliterated", _("Transliterated")
    ALTERNATIVE = "alternative", _("Alternative")
    WORKING = "working", _("Working")


class Language(TextChoices):
    """BCP 47 tags, as they are written into `lang` attributes."""

    ENGLISH = "en", _("English")
    CHINESE_SIMPLIFIED = "zh-Hans", _("Chinese, simplified")
    CHINESE_TRADITIONAL = "zh-Hant", _("Chinese, traditional")
    CANTONESE = "yue", _("Cantonese")
    PINYIN = "zh-Latn", _("Chinese, in pinyin")
    JAPANESE = "ja", _("Japanese")
    KOREAN = "ko", _("Korean")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")
    NONE = "zxx", _("No language")


class DateType(TextChoices):
    CREATED = "created", _("Created")
    PERFORMED = "performed", _("Performed")
    RELEASED = "released", pgettext_lazy("date", "Released")
    BROADCAST = "broadcast", _("Broadcast")


class PlaceType(TextChoices):
    VENUE = "venue", _("Venue")
    PRODUCTION = "production", _("Place of production")
    DEPICTED = "depicted", _("Place shown")


class AgentKind(TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    SOFTWARE = "software", _("Software")


class CreditRole(TextChoices):
    PERFORMER = "performer", _("Performer")
    DIRECTOR = "director", _("Director")
    CONDUCTOR = "conductor", _("Conductor")
    COMPOSER = "composer", _("Composer")
    CAST = "cast", _("Cast")
    CAMERA = "camera", _("Camera")
    PRODUCER = "producer", _("Producer")
    BROADCASTER = "broadcaster", _("Broadcaster")


class RestorationState(TextChoices):
    """Where an asset stands between arriving and leaving; set by the actions of `restoration`."""

    CATALOGUED = "catalogued", _("Catalogued")
    ANALYSED = "analysed", _("Analysed")
    RESTORING = "restoring", _("Restoring")
    TO_REVIEW = "to_review", _("To review")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    DELIVERED = "delivered", _("Delivered")


class Generation(TextChoices):
    """PBCore instantiationGenerations, the terms this house uses."""

    ORIGINAL = "original", _("Original recording")
    MASTER = "master", _("Master")
    DUB = "dub", _("Dub")
    PRESERVATION = "preservation", _("Preservation master")
    RESTORED = "restored", _("Restored master")
    MEZZANINE = "mezzanine", _("Mezzanine")
    ACCESS = "access", _("Access copy")
    UNKNOWN = "unknown", _("Unknown")


class CarrierFormat(TextChoices):
    """PBCore physical formats, the ones most often met."""

    DIGITAL_BETACAM = "digital_betacam", _("Digital Betacam")
    BETACAM_SP = "betacam_sp", _("Betacam SP")
    UMATIC = "umatic", _("U-matic")
    ONE_INCH_C = "one_inch_c", _("1-inch type C")
    D2 = "d2", _("D-2")
    VHS = "vhs", _("VHS")
    DVCAM = "dvcam", _("DVCAM")
    LASERDISC = "laserdisc", _("LaserDisc")
    FILM_35 = "film_35", _("35 mm film")
    FILM_16 = "film_16", _("16 mm film")
    FILM_8 = "film_8", _("8 mm film")
    OTHER = "other", _("Other")


class Condition(TextChoices):
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    POOR = "poor", _("Poor")
    UNKNOWN = "unknown", _("Not examined")


class Custody(TextChoices):
    MANAGED = "managed", _("Copied into the archive")
    IN_PLACE = "in_place", _("Kept where it lies")


class PreviewState(TextChoices):
    WAITING = "waiting", _("Previews wait to be made")
    READY = "ready", _("Previews ready")
    FAILED = "failed", _("Previews could not be made")


class EssenceKind(TextChoices):
    PICTURE = "picture", _("Picture")
    SOUND = "sound", _("Sound")
    TEXT = "text", _("Text")
    DATA = "data", _("Data")


class FieldOrder(TextChoices):
    PROGRESSIVE = "progressive", _("Progressive")
    TFF = "tff", _("Interlaced, top field first")
    BFF = "bff", _("Interlaced, bottom field first")
    UNKNOWN = "unknown", _("Not stated")


class RightsBasis(TextChoices):
    """PREMIS rightsBasis."""

    COPYRIGHT = "copyright", _("Copyright")
    LICENCE = "licence", _("Licence")
    STATUTE = "statute", _("Statute")
    DONOR = "donor", _("Donor agreement")
    PUBLIC_DOMAIN = "public_domain", _("Public domain")


class EventType(TextChoices):
    """What can happen to an object; the comment is the PREMIS eventType code or our local term."""

    CATALOGUED = "catalogued", _("Catalogued")  # local
    DESCRIBED = "described", _("Description changed")  # mem
    INGESTED = "ingested", _("Ingested")  # ing
    DIGEST_COMPUTED = "digest_computed", _("Digest computed")  # mes
    PROBED = "probed", _("Technical facts read")  # mee
    PREVIEWED = "previewed", _("Previews made")  # local
    FIXITY_CHECKED = "fixity_checked", _("Fixity checked")  # fix
    RIGHTS_STATED = "rights_stated", _("Rights stated")  # poa
    ANALYSED = "analysed", _("Analysed")  # ffa
    VERSION_PROPOSED = "version_proposed", _("Version proposed")  # local
    RUN_QUEUED = "run_queued", _("Run queued")  # local
    RUN_CANCELLED = "run_cancelled", _("Run cancelled")  # local
    RUN_FAILED = "run_failed", _("Run failed")  # local
    RESTORED = "restored", _("Restored")  # cre
    PAIR_REEL_MADE = "pair_reel_made", _("Pair reel made")  # local
    DECIDED = "decided", _("Decided")  # local
    APPROVED = "approved", _("Approved")  # local
    REJECTED = "rejected", _("Rejected")  # local
    POLICY_SET = "policy_set", _("Rules of approval set")  # poa
    PACKAGED = "packaged", _("Packaged for delivery")  # ipc
    RELEASED = "released", _("Released")  # dis
    REVOKED = "revoked", _("Release revoked")  # local
    TERMS_ACCEPTED = "terms_accepted", _("Terms accepted")  # local
    DOWNLOADED = "downloaded", _("Downloaded")  # dis
    WEIGHTS_REGISTERED = "weights_registered", _("Weights registered")  # local
    WEIGHTS_BROUGHT_BACK = "weights_brought_back", _("Weights brought back")  # local
    WEIGHTS_WITHDRAWN = "weights_withdrawn", _("Weights withdrawn")  # local
    WEIGHTS_OFFERED_AGAIN = "weights_offered_again", _("Weights offered again")  # local
    ANNOTATIONS_TAKEN = "annotations_taken", _("Notes brought in")  # local
    CLIP_MADE = "clip_made", _("Before/after clip made")  # local
    NETWORK_ADAPTED = "network_adapted", _("Network adapted")  # local


class Outcome(TextChoices):
    SUCCESS = "success", _("Success")
    WARNING = "warning", _("Warning")
    FAILURE = "failure", _("Failure")
