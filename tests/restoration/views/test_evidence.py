"""What the analysis page shows of what was found: the frame, the damage painted on it, a table to sort and to carry."""

import csv
import io

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from archive.models import User
from restoration.engine.facts import AnalysisReport, Defect
from restoration.engine.settings import Override
from restoration.models import Analysis
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis(ada: User, client: Client) -> Analysis:
    client.force_login(ada)
    found = version_with_bytes().analysis
    report = AnalysisReport.model_validate(found.report)
    defects = (Defect(name="colour noise", severity=0.4, confidence=0.9, value=5.0, unit="/255", frames=(2, 5)),
               Defect(name="darkness", severity=0.7, confidence=0.5, value=0.9, unit="share", frames=(3,)),
               Defect(name="blotches", severity=0.3, confidence=0.5, value=0.2, unit="per mille", frames=(4,)))
    shots = (report.shots[0].model_copy(update={"defects": defects}),
             *(shot.model_copy(update={"defects": ()}) for shot in report.shots[1:]))
    changed = report.recommendation.settings.model_copy(update={
        "overrides": (Override(start=0, end=20, changes={"noise": {"enabled": False}}),)})
    recommendation = report.recommendation.model_copy(update={"settings": changed})
    found.report = report.model_copy(update={"shots": shots, "recommendation": recommendation}).model_dump(mode="json")
    found.save()
    return found


def test_the_page_begins_with_the_worst_and_says_what_its_measure_means(client: Client, analysis: Analysis) -> None:
    page = client.get(reverse("analysis", args=[analysis.pk])).content.decode()
    assert "share of the picture below 5 % brightness" in page
    assert reverse("analysis-frame", args=[analysis.pk, 3]) in page
    assert "Paint the damage" not in page


def test_a_cell_of_a_lane_leads_to_its_evidence(client: Client, analysis: Analysis) -> None:
    address = reverse("analysis-evidence", args=[analysis.pk, 0, "colour-noise"])
    assert f'href="{address}"' in client.get(reverse("analysis", args=[analysis.pk])).content.decode()
    shown = client.get(address + "?frame=5", headers={"HX-Request": "true"}).content.decode()
    assert reverse("analysis-frame", args=[analysis.pk, 5]) in shown
    assert "<html" not in shown
    dust = reverse("analysis-evidence", args=[analysis.pk, 0, "blotches"])
    whole = client.get(dust, follow=True).content.decode()
    assert reverse("analysis-mask", args=[analysis.pk, 4, "blotches"]) in whole


@pytest.mark.parametrize("address", ["evidence/0/scratches", "evidence/1/darkness", "frames/5/darkness.png",
                                     "frames/3/scratches.png"])
def test_what_was_not_found_has_no_evidence(client: Client, analysis: Analysis, address: str) -> None:
    assert client.get(f"{reverse('analysis', args=[analysis.pk])}{address}").status_code == 404


def test_where_the_whole_picture_is_meant_nothing_is_painted(client: Client, analysis: Analysis) -> None:
    response = client.get(reverse("analysis-mask", args=[analysis.pk, 3, "darkness"]))
    assert response.status_code == 200
    picture = Image.open(io.BytesIO(response.content))
    source = AnalysisReport.model_validate(analysis.report).source
    assert picture.size == (source.width, source.height)
    assert not np.asarray(picture)[..., 3].any()


def test_the_table_is_carried_away_with_every_shot(client: Client, analysis: Analysis) -> None:
    response = client.get(reverse("analysis-findings", args=[analysis.pk]))
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(line["shot"], line["defect"]) for line in lines] == [
        ("1", "darkness"), ("1", "colour noise"), ("1", "blotches"), ("2", ""), ("3", "")]
    assert (lines[1]["value"], lines[1]["unit"], lines[1]["worst_frames"]) == ("5.0", "/255", "2 5")


def test_exceptions_are_said_in_words(client: Client, analysis: Analysis) -> None:
    page = client.get(reverse("analysis", args=[analysis.pk])).content.decode()
    assert "Exceptions" in page
    assert "Noise: left out" in page
