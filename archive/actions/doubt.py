"""Whether rows about bytes were committed, where the answer to a COMMIT may have been lost on the way."""

import contextlib
import logging

from django.db import DatabaseError, InterfaceError, connections

from archive.models import MediaFile

logger = logging.getLogger(__name__)


def may_be_committed(key: str) -> bool:
    """Whether a media file with that key is in the database, or nobody can say.

    It is asked on a connection of its own, which sees only what is committed, and works where the other is broken.
    """
    table, column = MediaFile._meta.db_table, "storage_key"
    fresh = connections["default"].copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE {column} = %s)", [key])  # noqa: S608 (our names)
            is_there = bool(cursor.fetchone()[0])
    except (DatabaseError, InterfaceError):
        logger.exception("Whether %s was committed cannot be asked; its bytes stay", key)
        return True
    finally:
        with contextlib.suppress(DatabaseError, InterfaceError):
            fresh.close()
    if is_there:
        logger.error("%s was committed although something failed; its bytes stay", key)
    return is_there
