"""`manage.py demo`: everything running, with people and footage, until Ctrl-C or, with --once, until all was shown."""

import os
import threading
import time
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from archive.management.commands.up import prepare, supervisor
from archive.models import Asset, Collection, MediaFile, ProvenanceEvent, User
from archive.supervisor import Supervisor
from restoration import demonstration
from restoration.models import Analysis, Review, Run, Version
from restoration.vocabularies import ENDED_STATES, VersionState, WorkState


class Command(BaseCommand):
    help = "Start everything with demo people and demo footage; Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="restore one clip, print what exists, and end")
        parser.add_argument("--footage", type=Path, help="take in this folder instead of the demo's own clips")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, once: bool, footage: Path | None, port: int, **options: Any) -> None:
        if footage and not footage.is_dir():
            raise CommandError(f"{footage} is not a folder. Name a folder of video files.", returncode=2)
        prepare()
        if demonstration.belongs_to_others():
            raise CommandError("This archive has people of its own, and the password of the demo's people is known to "
                               "everybody. Start the demo without DATABASE_URL and PATINA_VAR: it makes data of its "
                               "own.", returncode=2)
        people = demonstration.invite_people()
        keeper = supervisor(port)
        self._greet(port)
        story = threading.Thread(target=self._tell_story, args=(people, footage, keeper, once), name="demo")
        story.start()
        try:
            keeper.run()
        finally:
            keeper.stop()
            story.join()
        if once:
            self._summarise()

    def _greet(self, port: int) -> None:
        self.stdout.write(f"\nPatina answers at http://localhost:{port}\n")
        for username, name, role in demonstration.PEOPLE:
            self.stdout.write(f"  {username:6} {name:14} {role.label}")
        self.stdout.write(f"  password for each: {demonstration.PASSWORD}\n")

    def _tell_story(self, people: dict[str, User], footage: Path | None, keeper: Supervisor, once: bool) -> None:
        try:
            self._live_through_it(people, footage, keeper)
        except _StoppedError:
            return
        finally:
            close_old_connections()
            if once:
                keeper.stop()
            elif not keeper.stopping.is_set():
                self.stdout.write("Ctrl-C stops everything.")

    def _live_through_it(self, people: dict[str, User], footage: Path | None, keeper: Supervisor) -> None:
        files = demonstration.take_in_footage(footage, people["ada"], self.stdout.write)
        if not files:
            self.stderr.write("No file there could be taken in: there is nothing to restore.")
            return
        if Version.objects.filter(master__isnull=False).exists():
            return
        clip = demonstration.the_clip_to_restore(files)
        self.stdout.write(f"  scanning: {clip.name}")
        analysis = demonstration.scan(clip, people["ada"])
        self._wait_for(analysis, keeper)
        if analysis.state != WorkState.FINISHED:
            self.stderr.write(f"The scan did not finish: {analysis.error}")
            return
        began = time.monotonic()
        version = analysis.versions.first() or demonstration.propose_and_run(analysis, people["rui"])
        self.stdout.write(f"  restoring: {clip.name}, {version}")
        self._wait_for(version.runs.latest("queued_at"), keeper)
        self.stdout.write(f"  restored in {time.monotonic() - began:.0f} s")
        self._wait_for_pair_reel(version, keeper)

    def _wait_for(self, work: Analysis | Run, keeper: Supervisor) -> None:
        while work.state not in ENDED_STATES:
            _pause(keeper)
            work.refresh_from_db()

    def _wait_for_pair_reel(self, version: Version, keeper: Supervisor) -> None:
        version.refresh_from_db()
        while version.master_id and version.state == VersionState.IN_WORK and not version.not_reviewable_because:
            _pause(keeper)
            version.refresh_from_db()
        self.stdout.write(f"  {version} waits for a review" if version.state == VersionState.TO_REVIEW
                          else f"  {version}: {version.get_state_display()} "
                               f"{version.not_reviewable_because.format(**version.not_reviewable_values)}")

    def _summarise(self) -> None:
        counts = {"collections": Collection, "assets": Asset, "media files": MediaFile, "analyses": Analysis,
                  "versions": Version, "runs": Run, "reviews": Review, "provenance events": ProvenanceEvent}
        self.stdout.write("\nWhat exists now:")
        for name, model in counts.items():
            self.stdout.write(f"  {model._default_manager.count():6} {name}")
        restored = Version.objects.filter(master__isnull=False).select_related("asset", "master")
        for version in restored:
            self.stdout.write(f"  {version.asset} {version}: {version.get_state_display()}, SHA-256 "
                              f"{version.master.sha256 if version.master else ''}")
        if not restored:
            raise CommandError("No version was restored.", returncode=1)


class _StoppedError(Exception):
    """Ctrl-C came while the story was being told."""


def _pause(keeper: Supervisor) -> None:
    if keeper.stopping.wait(0.5):
        raise _StoppedError
