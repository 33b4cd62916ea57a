from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import AssetKind, DateType, Language, PlaceType, RestorationState, TitleType


class Subject(models.Model):
    term = models.CharField(_("term"), max_length=200, unique=True)

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term


class Asset(models.Model):
    """The catalogued work: a film, programme, episode or concert, whatever it is recorded on."""

    accession_number = models.CharField(_("accession number"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AssetKind)
    collection = models.ForeignKey("archive.Collection", on_delete=models.PROTECT, related_name="assets",
                                   verbose_name=_("collection"))
    variant_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="variants",
                                   verbose_name=_("variant of"))
    description = models.TextField(_("description"), blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    subjects = models.ManyToManyField(Subject, blank=True, related_name="assets", verbose_name=_("subjects"))

    # Kept by the actions, so that browsing 20 000 assets needs no join: the year of the earliest date, where the
    # asset stands, the file whose poster stands for it, and the folded text that the search reads.
    year = models.SmallIntegerField(_("year"), null=True, blank=True, db_index=True)
    restoration_state = models.CharField(_("restoration"), max_length=20, choices=RestorationState,
                                         default=RestorationState.CATALOGUED)
    poster_file = models.ForeignKey("archive.MediaFile", on_delete=models.SET_NULL, null=True, blank=True,
                                    related_name="+")
    search_vector = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        # The counts beside the catalogue and its usual order are read from these alone, not from the assets.
        indexes = [GinIndex(fields=["search_vector"], name="asset_search"),
                   models.Index(fields=["restoration_state", "kind", "year", "collection"], name="asset_counts"),
                   models.Index(fields=["-created_at", "-id"], name="asset_newest")]
        constraints = [
            models.CheckConstraint(name="an_asset_is_not_its_own_variant",
                                   condition=Q(variant_of__isnull=True) | ~Q(variant_of=F("pk"))),
            models.CheckConstraint(name="an_accession_number_is_not_blank", condition=~Q(accession_number="")),
        ]

    def __str__(self) -> str:
        return self.accession_number


class AssetTitle(models.Model):
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="titles")
    value = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=12, choices=Language)
    type = models.CharField(_("type"), max_length=20, choices=TitleType)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(type=TitleType.PREFERRED),
                                    name="one_preferred_title_per_asset"),
            models.CheckConstraint(name="a_title_is_not_blank", condition=~Q(value="")),
        ]

    def __str__(self) -> str:
        return self.value


class AssetDate(models.Model):
    """A date as it is known: `value` is EDTF level 0 or 1 ("2000-07-31", "192X", "1934~"), the bounds serve sorting."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="dates")
    type = models.CharField(_("type"), max_length=20, choices=DateType)
    value = models.CharField(_("date"), max_length=40)
    earliest = models.DateField()
    latest = models.DateField()

    class Meta:
        ordering = ["earliest", "pk"]
        constraints = [models.CheckConstraint(name="a_date_does_not_end_before_it_begins",
                                              condition=Q(latest__gte=F("earliest")))]

    def __str__(self) -> str:
        return self.value


class AssetPlace(models.Model):
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="places")
    type = models.CharField(_("type"), max_length=20, choices=PlaceType)
    name = models.CharField(_("place"), max_length=300)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
