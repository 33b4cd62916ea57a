"""Rows of restoration for tests, built by name; each call makes one that satisfies every constraint."""

import hashlib
from fractions import Fraction
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from archive.vocabularies import Role
from restoration import models
from restoration.actions import approval, decision_chain
from restoration.actions.weights import weights_path
from restoration.engine.facts import AnalysisReport, Defect, Reason, Recommendation, Shot, SourceFacts
from restoration.engine.settings import PRESETS, Settings
from restoration.vocabularies import Verdict, VersionState, WorkState
from tests.factories import (
    AgentFactory,
    CollectionFactory,
    InstantiationFactory,
    MediaFileFactory,
    TrackFactory,
    UserFactory,
)

RECOMMENDED = PRESETS["tape"].settings


def report(shots: tuple[tuple[int, int], ...] = ((0, 40), (40, 90), (90, 100))) -> AnalysisReport:
    """What the engine might say of an interlaced tape: three shots, noise in one of them."""
    noise = Defect(name="noise", severity=0.4, confidence=0.9, value=2.1, unit="levels", frames=(41,))
    return AnalysisReport(
        engine="0.1.0",
        source=SourceFacts(name="tape.mov", rate=Fraction(30000, 1001), frames=shots[-1][1], width=720, height=480,
                           pixel_aspect=Fraction(10, 11), scan="interlaced", field_order="tff",
                           duration=Fraction(shots[-1][1] * 1001, 30000), start_timecode="01:00:00:00"),
        shots=tuple(Shot(index=index, start=start, end=end, transition="cut" if index else "start",
                         defects=(noise,) if index == 1 else ())
                    for index, (start, end) in enumerate(shots)),
        recommendation=Recommendation(preset="tape", settings=RECOMMENDED, reasons=(
            Reason(field="fields.order", text="The top field comes first in {share} of the picture.",
                   values={"share": "99 %"}),
            Reason(field="noise.luma", text="The noise in brightness measures {value} levels.", values={"value": 2.1}),
        )))


class AnalysisFactory(DjangoModelFactory):
    """Finished, unless told otherwise."""

    class Meta:
        model = models.Analysis
        skip_postgeneration_save = True

    media_file = factory.SubFactory(MediaFileFactory)
    state = WorkState.FINISHED
    report = factory.LazyFunction(lambda: report().model_dump(mode="json"))

    @factory.post_generation
    def picture(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not False:
            TrackFactory(media_file=self.media_file)


class VersionFactory(DjangoModelFactory):
    """Planned; its source is the analysis' file."""

    class Meta:
        model = models.Version

    analysis = factory.SubFactory(AnalysisFactory)
    source = factory.LazyAttribute(lambda o: o.analysis.media_file)
    asset = factory.LazyAttribute(lambda o: o.analysis.media_file.instantiation.asset)
    number = factory.LazyAttribute(lambda o: models.Version.objects.filter(asset=o.asset).count() + 1)
    settings = factory.LazyFunction(lambda: RECOMMENDED.model_dump(mode="json"))
    settings_digest = factory.LazyAttribute(lambda o: Settings.model_validate(o.settings).digest())
    by = factory.SubFactory(UserFactory, role=Role.RESTORER)

    class Params:
        made = factory.Trait(
            state=VersionState.TO_REVIEW,
            master=factory.LazyAttribute(lambda o: MediaFileFactory(
                name="restored.mkv", instantiation=InstantiationFactory(asset=o.asset))),
            pair_reel_key="pair-reels/1/reel.mp4", pair_reel_sha256="ab" * 32,
            pair_reel={"rate": "60000/1001", "frames": 200, "side_width": 960, "side_height": 720,
                       "frame_map": "fields", "first_frame": 0, "has_sound": True,
                       "start_timecode": "01:00:00:00", "drop_frame": False})


class RunFactory(DjangoModelFactory):
    class Meta:
        model = models.Run
        skip_postgeneration_save = True

    version = factory.SubFactory(VersionFactory, state=VersionState.IN_WORK)
    number = factory.LazyAttribute(lambda o: models.Run.objects.filter(version=o.version).count() + 1)
    by = factory.LazyAttribute(lambda o: o.version.by)

    class Params:
        begun = factory.Trait(state=WorkState.RUNNING, started_at=factory.LazyFunction(timezone.now), frames_total=100)

    @factory.post_generation
    def shots(self, create: bool, extracted: tuple[tuple[int, int], ...] | None, **kwargs: Any) -> None:
        """RunFactory(begun=True, shots=((0, 40), (40, 100))) makes queued shots of these source frames."""
        models.RunShot.objects.bulk_create(
            models.RunShot(run=self, index=index, start=start, end=end, segment_digest=f"{index:064x}")
            for index, (start, end) in enumerate(extracted or ()))


class ReviewFactory(DjangoModelFactory):
    """The one decision that settles a version; it is the last link of the chain, as every decision is."""

    class Meta:
        model = models.Review
        skip_postgeneration_save = True

    version = factory.SubFactory(VersionFactory, made=True)
    reviewer = factory.SubFactory(UserFactory, role=Role.REVIEWER)
    decision = Verdict.APPROVED
    master_sha256 = factory.LazyAttribute(lambda o: o.version.master.sha256)
    pair_reel_sha256 = factory.LazyAttribute(lambda o: o.version.pair_reel_sha256)

    @classmethod
    def _create(cls, model_class: type[models.Review], *args: Any, **kwargs: Any) -> models.Review:
        with transaction.atomic():
            return decision_chain.append(model_class(*args, **kwargs))

    @factory.post_generation
    def _verdict(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.version.state = approval.standing_of(self.version).outcome
        self.version.save(update_fields=["state"])


class PolicyFactory(DjangoModelFactory):
    """PolicyFactory(collection=…, stages=((Role.REVIEWER, 2), (Role.ARCHIVIST, 1, False))): role, how many, veto."""

    class Meta:
        model = models.ApprovalPolicy
        skip_postgeneration_save = True

    collection = factory.SubFactory(CollectionFactory)
    by = factory.SubFactory(UserFactory, role=Role.ADMINISTRATOR)

    @factory.post_generation
    def stages(self, create: bool, extracted: tuple[tuple[Any, ...], ...] | None, **kwargs: Any) -> None:
        for order, (role, quorum, *veto) in enumerate(extracted or ((Role.REVIEWER, 1),), start=1):
            models.PolicyStage.objects.create(policy=self, order=order, role=role, quorum=quorum,
                                              veto=veto[0] if veto else True)


class DeliveryFactory(DjangoModelFactory):
    """A draft for an approved version."""

    class Meta:
        model = models.Delivery

    version = factory.LazyFunction(lambda: ReviewFactory().version)
    recipient = factory.SubFactory(AgentFactory, kind="organisation")
    terms = "For one broadcast in the year of delivery."
    by = factory.SubFactory(UserFactory, role=Role.ARCHIVIST)


class DeliveryItemFactory(DjangoModelFactory):
    class Meta:
        model = models.DeliveryItem

    delivery = factory.SubFactory(DeliveryFactory)
    kind = "access"
    name = factory.Sequence(lambda n: f"T-0001_v1_viewing-{n}.mp4")
    storage_key = factory.LazyAttribute(lambda o: f"deliveries/test/{o.name}")
    media_type = "video/mp4"
    size_bytes = 1000
    sha256 = "cd" * 32


class WeightsFactory(DjangoModelFactory):
    """A network of others that enlarges four times. Its bytes lie where they should and are no network."""

    class Meta:
        model = models.Weights

    content = factory.Sequence(lambda n: f"the weights of network {n}".encode())
    name = factory.Sequence(lambda n: f"Network {n}")
    file_name = "network.pth"
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())
    size_bytes = factory.LazyAttribute(lambda o: len(o.content))
    licence = "BSD-3-Clause"
    architecture = "RealESRGAN Compact"
    purpose = "enlarge"
    scale = 4
    channels_in = 3
    channels_out = 3
    parameters = 621_424
    by = factory.SubFactory(UserFactory, role=Role.RESTORER)

    @classmethod
    def _create(cls, model_class: type[models.Weights], *args: Any, **kwargs: Any) -> models.Weights:
        content = kwargs.pop("content")
        row: models.Weights = super()._create(model_class, *args, **kwargs)
        path = weights_path(row.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return row


class InspectionFactory(DjangoModelFactory):
    """A file that waits to be inspected; its bytes lie nowhere."""

    class Meta:
        model = models.Inspection

    name = factory.Sequence(lambda n: f"Network {n}")
    licence = "BSD-3-Clause"
    file_name = "network.pth"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size_bytes = 2_500_000
    incoming = factory.Sequence(lambda n: f"weights/{n:032x}.incoming")
    by = factory.SubFactory(UserFactory, role=Role.RESTORER)


class AnnotationFactory(DjangoModelFactory):
    """At frames 10 to 11 of the restored side."""

    class Meta:
        model = models.Annotation

    version = factory.SubFactory(VersionFactory, made=True)
    start = 10
    end = factory.LazyAttribute(lambda o: o.start + 1)
    category = "plastic_faces"
    text = "The singer's cheek is smooth."
    author = factory.SubFactory(UserFactory, role=Role.REVIEWER)


class ClipFactory(DjangoModelFactory):
    """A finished before/after clip of the master that the version has; its bytes lie nowhere."""

    class Meta:
        model = models.BeforeAfterClip

    version = factory.SubFactory(VersionFactory, made=True)
    style = "wipe"
    start = 10
    end = 70
    language = "en"
    original_name = "Original"
    restored_name = "Restored"
    title = "Passion, live"
    state = WorkState.FINISHED
    file_key = factory.Sequence(lambda n: f"clips/test-{n}/clip.mp4")
    sha256 = "ef" * 32
    size_bytes = 123_456
    facts = factory.LazyFunction(lambda: {
        "codec": "h264", "width": 960, "height": 720, "rate": "60000/1001", "frames": 60})
    master_sha256 = factory.LazyAttribute(lambda o: o.version.master.sha256 if o.version.master else "")
    by = factory.LazyAttribute(lambda o: o.version.by)
