"""Rows for tests, built by name; each call makes one that satisfies every constraint."""

import hashlib
from typing import Any

import factory
from factory.django import DjangoModelFactory

from archive import models
from archive.vocabularies import AgentKind, AssetKind, Custody, EssenceKind, Generation, Role, TitleType


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.LazyAttribute(lambda o: o.username.capitalize())
    role = Role.ARCHIVIST

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        self.set_password(extracted or "open the reel")
        self.save()


class AgentFactory(DjangoModelFactory):
    class Meta:
        model = models.Agent

    name = factory.Sequence(lambda n: f"Agent {n}")
    kind = AgentKind.PERSON


class CollectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Collection

    name = factory.Sequence(lambda n: f"Collection {n}")


class TitleFactory(DjangoModelFactory):
    class Meta:
        model = models.AssetTitle

    value = factory.Sequence(lambda n: f"Title {n}")
    language = "en"
    type = TitleType.PREFERRED


class AssetFactory(DjangoModelFactory):
    class Meta:
        model = models.Asset
        skip_postgeneration_save = True

    accession_number = factory.Sequence(lambda n: f"T-{n:05}")
    kind = AssetKind.CONCERT
    collection = factory.SubFactory(CollectionFactory)
    title = factory.RelatedFactory(TitleFactory, factory_related_name="asset")


class InstantiationFactory(DjangoModelFactory):
    class Meta:
        model = models.Instantiation

    asset = factory.SubFactory(AssetFactory)
    generation = Generation.PRESERVATION


class MediaFileFactory(DjangoModelFactory):
    """A row only: no bytes lie under its key."""

    class Meta:
        model = models.MediaFile

    class Params:
        number = factory.Sequence(lambda n: n)

    instantiation = factory.SubFactory(InstantiationFactory)
    name = factory.LazyAttribute(lambda o: f"tape-{o.number}.mov")
    original_name = factory.LazyAttribute(lambda o: o.name.encode())
    custody = Custody.MANAGED
    storage_key = factory.LazyAttribute(lambda o: f"test/{o.number}")
    size_bytes = 1000
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(str(o.number).encode()).hexdigest())
    wrapper = "mov"
    duration_seconds = 10


class TrackFactory(DjangoModelFactory):
    class Meta:
        model = models.EssenceTrack

    media_file = factory.SubFactory(MediaFileFactory)
    index = 0
    kind = EssenceKind.PICTURE
    codec = "v210"
    width = 720
    height = 480
    rate_numerator = 30000
    rate_denominator = 1001
    frames = 300
