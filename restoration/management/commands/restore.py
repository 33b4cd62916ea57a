"""`manage.py restore`: analyse a file, propose a version and make it, from the shell; the workers do the work."""

import time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from archive.errors import RefusedError
from archive.models import MediaFile, User
from restoration.actions import analyses, runs, versions
from restoration.engine.errors import EngineError
from restoration.engine.facts import AnalysisReport
from restoration.engine.fitting import fitted
from restoration.engine.settings import preset as preset_named
from restoration.models import Analysis, Run
from restoration.vocabularies import ENDED_STATES, WorkState

PERSONS_FAULT = 2


class Command(BaseCommand):
    help = "Analyse a media file, propose a version and make it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("media_file", type=UUID, help="the media file's identifier")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who proposes the version")
        parser.add_argument("--preset", default="", help="a preset instead of what the analysis recommends")
        parser.add_argument("--note", default="")
        parser.add_argument("--no-wait", action="store_true", help="queue it and leave")

    def handle(self, *args: Any, media_file: UUID, by: str, preset: str, note: str, no_wait: bool,
               **options: Any) -> None:
        try:
            run = self._queue(media_file, by, preset, note)
        except (EngineError, RefusedError, PermissionDenied) as error:
            raise CommandError(str(error), returncode=PERSONS_FAULT) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=PERSONS_FAULT) from error
        if not no_wait:
            self._wait_for(run)
            self.stdout.write(f"{run.version} of {run.version.asset}: {run.version.get_state_display()}")

    def _queue(self, pk: UUID, username: str, preset: str, note: str) -> Run:
        file = MediaFile.objects.filter(pk=pk).first()
        person = User.objects.filter(username=username).first()
        if file is None or person is None:
            what = f"media file {pk}" if file is None else f"person “{username}”"
            raise CommandError(f"There is no {what}.", returncode=PERSONS_FAULT)
        wished = preset_named(preset).settings if preset else None
        analysis = file.analyses.filter(state=WorkState.FINISHED).first()
        if analysis is None:
            analysis = analyses.queue(file, by=person)
            self._wait_for(analysis)
        source = AnalysisReport.model_validate(analysis.report).source
        settings = fitted(wished, source) if wished else None
        version = versions.propose(analysis, by=person, settings=settings, preset=preset, note=note)
        return runs.queue(version, by=person)

    def _wait_for(self, work: Analysis | Run) -> None:
        told = ""
        while work.state not in ENDED_STATES:
            time.sleep(0.5)
            work.refresh_from_db()
            told = self._tell(work, told)
        if work.state != WorkState.FINISHED:
            raise CommandError(f"{work}: {work.error or work.get_state_display()}")

    def _tell(self, work: Analysis | Run, before: str) -> str:
        """A line for each change, so that it reads well in a log, too."""
        if isinstance(work, Run):
            far = runs.progress(work)
            line = f"{far.phase}: {far.shots_done} of {far.shots_total} shots, {far.frames_done}/{far.frames_total}"
        else:
            line = f"analysis: {work.frames_done}/{work.frames_total}"
        if line != before:
            self.stdout.write(line)
        return line
