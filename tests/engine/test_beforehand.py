"""What is missing is told before the first shot is made, and what nobody here can do is said once."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import save

from restoration.engine import beforehand, pipeline
from restoration.engine.beforehand import load_networks, networks_of, remarks_on, within_reach
from restoration.engine.errors import WeightsError
from restoration.engine.networks import cleaning
from restoration.engine.networks.brought import is_able, running
from restoration.engine.networks.registry import cleaner
from restoration.engine.settings import FacesSettings, Settings, parse
from tests.engine.networks.traps import compact, restoreformer
from tests.engine.test_pipeline import TAPE, _report, _tape

NOWHERE = "ab" * 32
ASKING: dict[str, dict[str, Any]] = {
    "blocking": {"enabled": True, "weights": NOWHERE},
    "faces": {"enabled": True, "weights": NOWHERE},
    "noise": {"enabled": True, "weights": NOWHERE},
}


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The marks of faces are known here."""
    monkeypatch.setattr(beforehand, "knows_marks", lambda: True)
    return monkeypatch


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network that enlarges, under its digest."""
    monkeypatch.setattr(running, "_files", {})
    file = under_its_digest(tmp_path, save(compact()))
    running.keep(file.name, file)
    return file


@pytest.fixture
def adapted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped cleaner as if it had been adapted, under its digest."""
    monkeypatch.setattr(cleaning, "_files", {})
    file = under_its_digest(tmp_path, cleaner().path.read_bytes())
    cleaning.keep(file.name, file)
    return file


def under_its_digest(folder: Path, data: bytes) -> Path:
    file = folder / hashlib.sha256(data).hexdigest()
    file.write_bytes(data)
    return file


def told_when_it_goes(file: Path, settings: Settings) -> list[str]:
    """What is said of a network that this process has loaded: as it is, once its bytes are others, once they are
    gone."""
    told = [refusal(settings)]
    file.write_bytes(b"others")
    told.append(refusal(settings))
    file.unlink()
    return [*told, refusal(settings)]


def refusal(settings: Settings) -> str:
    try:
        load_networks([settings])
    except WeightsError as error:
        return re.sub("“[^”]*”", "it", str(error))
    return ""


ONCE_IT_GOES = ["", "The weights it are not the ones that were registered: their digest differs. They were not opened. "
                    "Bring back a good copy.", "The weights it are missing. Bring back a good copy."]


@pytest.mark.usefixtures("knowing")
@pytest.mark.parametrize("section", ASKING)
def test_a_network_that_only_the_last_shot_asks_for_is_missed_before_the_first(tmp_path: Path, section: str) -> None:
    settings = parse({**TAPE.model_dump(), "overrides": [
        {"start": 8, "end": 12, "changes": {section: ASKING[section]}}]})
    source = _tape(tmp_path)
    with pytest.raises(WeightsError, match="are missing"):
        pipeline.restore(source, tmp_path / "master.mkv", settings, workdir=tmp_path / "work",
                         report=_report(source, 4, 8))
    assert not list((tmp_path / "work").glob("*.mkv"))


@pytest.mark.usefixtures("knowing")
@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_a_network_for_something_else_is_refused_too(brought: Path) -> None:
    load_networks([parse({"upscale": {"height": 720, "weights": brought.name}})])
    with pytest.raises(WeightsError, match="which do not clean"):
        load_networks([Settings(), parse({"blocking": {"enabled": True, "weights": brought.name}})])


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_a_network_that_is_kept_is_missed_when_its_bytes_go(brought: Path) -> None:
    settings = parse({"upscale": {"height": 720, "weights": brought.name}})
    assert told_when_it_goes(brought, settings) == ONCE_IT_GOES


@pytest.mark.usefixtures("knowing")
@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_a_face_network_that_is_kept_is_missed_when_its_bytes_go(tmp_path: Path) -> None:
    file = under_its_digest(tmp_path, save(restoreformer()))
    running.keep(file.name, file)
    settings = parse({"faces": {"enabled": True, "weights": file.name}})
    assert told_when_it_goes(file, settings) == ONCE_IT_GOES


def test_an_adapted_network_that_is_kept_is_missed_when_its_bytes_go(adapted: Path) -> None:
    settings = parse({"noise": {"enabled": True, "weights": adapted.name}})
    assert told_when_it_goes(adapted, settings) == ONCE_IT_GOES


@pytest.mark.usefixtures("knowing")
def test_what_has_no_part_in_the_picture_is_not_asked_for() -> None:
    idle = parse({"blocking": {"weights": NOWHERE}, "faces": {"enabled": True, "weights": NOWHERE, "natural": 0},
                  "upscale": {"weights": NOWHERE}, "noise": {"weights": NOWHERE}})
    assert refusal(idle) == ""
    assert list(networks_of(idle)) == []


def test_segments_that_are_there_need_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _tape(tmp_path, 4)
    monkeypatch.setattr(pipeline, "segment_digest", lambda sha256, report, shot, settings: f"{shot.start:064x}")
    made = pipeline.restore(source, tmp_path / "master.mkv", TAPE, workdir=tmp_path / "work", report=_report(source))
    assert not made.segments[0].was_reused
    lost = TAPE.model_copy(update={"noise": TAPE.noise.model_copy(update={"weights": NOWHERE})})
    again = pipeline.restore(source, tmp_path / "again.mkv", lost, workdir=tmp_path / "work", report=_report(source))
    assert again.segments[0].was_reused


def test_where_marks_are_not_known_faces_are_remarked_on_once_for_all_shots(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, faces = Settings(), Settings(faces=FacesSettings(enabled=True))
    drawn = Settings(faces=FacesSettings(enabled=True, weights=NOWHERE))
    monkeypatch.setattr(beforehand, "knows_marks", lambda: True)
    assert not list(remarks_on([drawn]))
    monkeypatch.setattr(beforehand, "knows_marks", lambda: False)
    assert not list(remarks_on([plain]))
    assert len(list(remarks_on([plain, faces, faces]))) == 1
    assert len(list(remarks_on([plain, drawn, faces, drawn]))) == 2
    load_networks([drawn])
    assert within_reach(drawn).faces == faces.faces
