"""People you come to know: ada catalogues, rui restores, rosa reviews, henri holds rights, olga administers."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from archive.models import Agent, User
from archive.vocabularies import Role
from tests import factories

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def _emptying_tables_between_tests_is_allowed() -> Iterator[None]:
    """Provenance refuses TRUNCATE, which is how Django empties tables after a transactional test."""
    original = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, statements: Any) -> None:
        original(self, ["SET session_replication_role = replica", *statements,
                        "SET session_replication_role = DEFAULT"])

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _folders_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Bytes of one test never meet another's."""
    for name in ("HOLDINGS_DIR", "DERIVATIVES_DIR", "WORK_DIR", "UPLOADS_DIR"):
        setattr(settings, name, tmp_path / name.lower())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def _begins_in_english() -> Iterator[None]:
    """A page asked for in Chinese leaves its language in the thread; the next test must not speak it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _takes_no_more_than_its_share() -> Iterator[None]:
    """An encoder that left this thread in real time would stop the browsers and servers of every test after it."""
    yield
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


@pytest.fixture
def footage() -> Path:
    """The folder of real clips, where it lies beside the checkout."""
    folder = SHARED / "footage"
    if not folder.is_dir():
        pytest.skip("the real clips (../shared/footage) are not beside this checkout")
    return folder


@pytest.fixture
def ada(db: None) -> User:
    return factories.UserFactory(username="ada", role=Role.ARCHIVIST)


@pytest.fixture
def rui(db: None) -> User:
    return factories.UserFactory(username="rui", role=Role.RESTORER)


@pytest.fixture
def rosa(db: None) -> User:
    return factories.UserFactory(username="rosa", role=Role.REVIEWER)


@pytest.fixture
def olga(db: None) -> User:
    return factories.UserFactory(username="olga", role=Role.ADMINISTRATOR)


@pytest.fixture
def harbour(db: None) -> Agent:
    """The record company that henri works for."""
    return factories.AgentFactory(name="Harbour Records", kind="organisation")


@pytest.fixture
def henri(harbour: Agent) -> User:
    return factories.UserFactory(username="henri", role=Role.RIGHTS_HOLDER, organisation=harbour)
