"""From what a person types to a text search query.

Words apart are all wanted, in any order; what is written together, or in quotation marks, is wanted in that order.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet

from archive.models import Asset
from archive.search.fold import Run, fold, runs

ASKED = re.compile(r'"([^"]+)"|([^\s"]+)')
QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»「」『』《》＂", '"'))
LONGEST_QUERY = 300


def search(queryset: QuerySet[Asset], text: str) -> QuerySet[Asset]:
    """The assets that hold everything asked, best first; all of them, as they were ordered, when nothing is asked."""
    if not text.strip():
        return queryset
    condition = tsquery(text)
    if not condition:
        return queryset.none()
    query = WrittenQuery(condition)
    found = queryset.filter(search_vector=query)
    return found.annotate(rank=SearchRank(F("search_vector"), query)).order_by("-rank", "-created_at", "-pk")


def tsquery(text: str) -> str:
    """The query in PostgreSQL's own writing, its words quoted; empty when nothing in the text can be looked for."""
    asked = ASKED.findall(text[:LONGEST_QUERY].translate(QUOTATION_MARKS))
    phrases = [_phrase(runs(fold(quoted or together))) for quoted, together in asked]
    return " & ".join(dict.fromkeys(f"({phrase})" for phrase in phrases if phrase))


def _phrase(together: list[Run]) -> str:
    """The words of these runs at the distances they have in a text."""
    parts: list[str] = []
    distance = 0
    for run in together:
        words = _bigrams(run.text) if run.is_unspaced else [f"'{run.text}':*"]
        for word in words:
            parts.append(f"<{distance}> {word}" if parts else word)
            distance = 1
        if run.is_unspaced and len(run.text) > 1:
            distance = 2  # The last pair begins one character before the run's last.
    return " ".join(parts)


def _bigrams(characters: str) -> list[str]:
    if len(characters) == 1:
        return [f"'{characters}'"]
    return [f"'{characters[at:at + 2]}'" for at in range(len(characters) - 1)]


class WrittenQuery(SearchQuery):
    """A query that is already written out: no parser of the server's takes its words apart."""

    def __init__(self, written: str) -> None:
        super().__init__(written, search_type="raw")
        self.written = written

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> Any:
        return "%s::tsquery", [self.written]
