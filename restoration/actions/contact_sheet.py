"""The contact sheet of a version on paper: where it lies, and how many shots it takes."""

from restoration.actions import prints
from restoration.actions.failing import Sentence
from restoration.engine.errors import gettext_noop
from restoration.models import Version
from restoration.shot_reports import ShotReport, reports

FOLDER, JOB = "contact-sheets", "print_contact_sheet"
# Two frames of each shot are decoded, and the file is to be sent by mail.
MOST_SHOTS = 200


def current(version: Version, language: str) -> tuple[str, list[ShotReport]]:
    """Where the PDF of today's shots and verdicts lies, and what it says."""
    told = reports(version)
    content = [[each.number, each.start, each.end, each.middle, each.standing_in_words,
                each.certificate and each.certificate.decibels] for each in told]
    return prints.key_in(FOLDER, version, content, language), told


def ask(version: Version, key: str, language: str, shots: int) -> Sentence | None:
    """Have it made; or why it is not."""
    if shots > MOST_SHOTS:
        return Sentence(gettext_noop("This version has {shots} shots; a contact sheet on paper takes {most}. Look at "
                                     "them on the page instead."), {"shots": str(shots), "most": str(MOST_SHOTS)})
    return prints.ask(version, key, language, job=JOB)
