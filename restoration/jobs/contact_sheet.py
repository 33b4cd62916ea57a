"""The PDF of all shots of a version."""

from django.utils import translation

from archive.actions.bell import claimed
from archive.storage import derivative_path
from restoration.actions import contact_sheet, prints
from restoration.actions.failing import explain
from restoration.interchange import pdf_sheet
from restoration.jobs.printing import heading_of, still
from restoration.jobs.pulse import carry_out
from restoration.models import Version


def print_contact_sheet(pk: int, language: str) -> None:
    """Make it, unless it is there, another process is at it, or it has too many shots."""
    version = Version.objects.select_related("asset", "source", "master", "by", "analysis", "derived_from").get(pk=pk)
    with translation.override(language):
        key, told = contact_sheet.current(version, language)
        with claimed(prints.bell_name(key)) as is_ours:
            if is_ours and len(told) <= contact_sheet.MOST_SHOTS and not derivative_path(key).exists():
                carry_out(lambda pulse: prints.keep(key, pdf_sheet.written(
                              told, heading_of(version), lambda frame: (still(version, "a", frame),
                                                                        still(version, "b", frame)))),
                          beat=lambda pulse: True, interrupted=lambda: None,
                          failed=lambda error: prints.fail(key, explain(
                              error, during=f"the contact sheet of {version}")))
