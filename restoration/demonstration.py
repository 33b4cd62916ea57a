"""What the demo shows: people, a collection, footage on its way from tape to a version that waits for its review."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings as site
from django.db import close_old_connections

from archive.actions import catalogue, ingest, rights
from archive.actions.catalogue import CreditLine, Date, Description, Place, Title
from archive.errors import RefusedError
from archive.models import Agent, Asset, Collection, MediaFile, User
from archive.vocabularies import (
    AgentKind,
    AssetKind,
    CarrierFormat,
    Condition,
    CreditRole,
    DateType,
    FieldOrder,
    Generation,
    Language,
    PlaceType,
    RightsBasis,
    Role,
    TitleType,
)
from restoration.actions import analyses, runs, versions
from restoration.engine import settings as engine_settings
from restoration.engine.facts import AnalysisReport
from restoration.models import Analysis, Version

PASSWORD = "restore the old as old"  # noqa: S105 (printed for everyone at the demo's start; it opens a demo alone)
PEOPLE = (
    ("ada", "Ada Lin", Role.ARCHIVIST),
    ("rui", "Rui Chen", Role.RESTORER),
    ("rosa", "Rosa Mbeki", Role.REVIEWER),
    ("henri", "Henri Laurent", Role.RIGHTS_HOLDER),
    ("olga", "Olga Ivanova", Role.ADMINISTRATOR),
)
MASTER_HEIGHT = 1080
VIDEO_ENDINGS = {".mov", ".mp4", ".m4v", ".mkv", ".avi", ".mpg", ".mpeg", ".ts", ".m2ts", ".mxf", ".dv", ".webm",
                 ".vob"}

Tell = Callable[[str], None]


def belongs_to_others() -> bool:
    """Whether anybody logs in here who is not of the demo, or who made one of its names their own."""
    names = {username for username, _name, _role in PEOPLE}
    return any(user.username not in names or not user.check_password(PASSWORD) for user in User.objects.all())


def invite_people() -> dict[str, User]:
    """The demo's people, made once. Henri holds rights at Harbour Records."""
    company, _ = Agent.objects.get_or_create(name="Harbour Records", kind=AgentKind.ORGANISATION,
                                             defaults={"other_names": ["海港唱片"]})
    people = {}
    for username, name, role in PEOPLE:
        first, last = name.split()
        user, is_new = User.objects.get_or_create(username=username, defaults={
            "first_name": first, "last_name": last, "role": role,
            "organisation": company if role == Role.RIGHTS_HOLDER else None})
        if is_new:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        people[username] = user
    return people


def take_in_footage(folder: Path | None, ada: User, tell: Tell) -> list[MediaFile]:
    """Take a folder into custody, or the clips beside the checkout, or else render a concert tape. A file that is
    there already is not taken in twice; one that cannot be used is told and left out."""
    known = site.BASE_DIR.parent / "shared" / "footage" / "good"
    if folder is None and known.is_dir():
        folder = known
    if folder is None:
        return [_render_concert(ada, tell)]
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_ENDINGS)
    collection = _collection(ada, "Demo footage", "演示素材")
    return [file for path in paths if (file := _take_in(path, collection, ada, tell))]


def the_clip_to_restore(files: Iterable[MediaFile]) -> MediaFile:
    """The shortest interlaced one: that is what the engine was made for; else the shortest of all."""
    return min(files, key=lambda file: (not _is_interlaced(file), file.duration_seconds or 0))


def scan(file: MediaFile, ada: User) -> Analysis:
    return file.analyses.exclude(state="failed").first() or analyses.queue(file, by=ada)


def propose_and_run(analysis: Analysis, rui: User) -> Version:
    """The recommended settings, with a master small enough for an evening's demonstration, and enlarged by filters:
    the network would take five minutes more on two cores."""
    report = AnalysisReport.model_validate(analysis.report)
    recommended = report.recommendation.settings
    chosen = recommended.model_copy(update={
        "upscale": recommended.upscale.model_copy(update={"height": MASTER_HEIGHT, "method": "filters"})})
    version = versions.propose(analysis, by=rui, settings=engine_settings.parse(chosen.model_dump()),
                               note=f"Demonstration: the recommended settings at {MASTER_HEIGHT} lines.")
    runs.queue(version, by=rui)
    return version


def _is_interlaced(file: MediaFile) -> bool:
    return any(track.field_order in (FieldOrder.TFF, FieldOrder.BFF) for track in file.tracks.all())


def _collection(ada: User, name: str, name_zh: str) -> Collection:
    return Collection.objects.filter(name=name, parent=None).first() or catalogue.create_collection(
        by=ada, name=name, name_zh=name_zh)


def _take_in(path: Path, collection: Collection, ada: User, tell: Tell) -> MediaFile | None:
    close_old_connections()
    try:
        file = ingest.ingest(path, by=ada, collection=collection)
    except ingest.DuplicateError as duplicate:
        return duplicate.media_file
    except RefusedError as refusal:
        tell(f"  left out: {refusal}")
        return None
    _state_demo_rights(file.instantiation.asset, ada)
    tell(f"  taken in: {file.name}")
    return file


def _state_demo_rights(asset: Asset, ada: User) -> None:
    company = Agent.objects.get(name="Harbour Records", kind=AgentKind.ORGANISATION)
    rights.state_rights(asset, by=ada, holder=company, basis=RightsBasis.COPYRIGHT)


def _render_concert(ada: User, tell: Tell) -> MediaFile:
    path = site.WORK_DIR / "demo" / "Moonlight 月光 reel 1.mov"
    known = MediaFile.objects.filter(name=path.name).first()
    if known:
        return known
    tell("  rendering a concert tape (once; half a minute or so)")
    render_tape_in_another_process(path)
    asset = catalogue.create_asset(
        by=ada, kind=AssetKind.CONCERT, title="Moonlight, the Harbour Concert", accession_number="HR-2000-0417",
        collection=_collection(ada, "Concert masters", "演唱会母带"), description=CONCERT)
    carrier = catalogue.add_carrier(
        asset, by=ada, carrier_format=CarrierFormat.BETACAM_SP, label="Reel 1 of 1", generation=Generation.MASTER,
        condition=Condition.FAIR, condition_note="A few dropouts, noise in the dark", shelf="C-14")
    _state_demo_rights(asset, ada)
    return ingest.ingest(path, by=ada, asset=asset, derived_from=carrier)


def render_tape_in_another_process(path: Path) -> None:
    """Rendering needs torch, which this process shall not load."""
    import subprocess
    import sys

    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "restoration.engine.demo", str(path)], check=True, cwd=site.BASE_DIR)  # noqa: S603


CONCERT = Description(
    titles=[Title("Moonlight, the Harbour Concert", Language.ENGLISH, TitleType.PREFERRED),
            Title("月光 海港演唱会", Language.CHINESE_SIMPLIFIED, TitleType.ORIGINAL),
            Title("Yuèguāng: Hǎigǎng yǎnchànghuì", Language.PINYIN, TitleType.TRANSLITERATED)],
    dates=[Date("2000-07-31", DateType.PERFORMED)],
    places=[Place("Harbour Stadium", PlaceType.VENUE)],
    credits=[CreditLine("The Lanterns", CreditRole.PERFORMER, AgentKind.ORGANISATION, ("灯笼乐队",))],
    subjects=["Concerts", "Popular music"],
    description="The opening night of four. The master is a 525-line composite tape; the stage light is saturated and "
                "changes within a few frames.",
    description_zh="四场演出的首场。母带为525线复合信号磁带；舞台灯光饱和，几帧之内即变。",
)
