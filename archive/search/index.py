"""What the search reads of an asset: a text search vector of our own making.

Each word has a position. In scripts without spaces each character has one, and holds three or four words there: the
character alone, it with its neighbour, and, in names, how the next characters sound in pinyin, whole and by initials.
So 张国荣 is 张国 followed by 国荣, at any place in a title, and "zhangguorong" is the beginning of a word at 张.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from pypinyin import Style, lazy_pinyin

from archive.models import Asset
from archive.search.fold import HAN, fold, runs

SOUNDED_CHARACTERS = 8
LAST_POSITION = 16383  # of a tsvector
GAP_BETWEEN_TEXTS = 2
MOST_POSITIONS = 255  # of one word in a tsvector
LONGEST_WORD = 200
HAN_RUN = re.compile(f"[{HAN}]+")


@dataclass(slots=True)
class Words:
    """Words with their positions and weights, as they become one vector."""

    positions: dict[str, list[str]] = field(default_factory=dict)
    here: int = 1

    def add(self, text: str, weight: str, *, is_name: bool = False) -> None:
        for run in runs(fold(text)):
            if run.is_unspaced:
                self._add_unspaced(run.text, weight, is_name)
            else:
                self._put(run.text, self.here, weight)
                self.here += 1
        self.here += GAP_BETWEEN_TEXTS

    def _add_unspaced(self, text: str, weight: str, is_name: bool) -> None:
        for offset, character in enumerate(text):
            self._put(character, self.here + offset, weight)
            if offset + 1 < len(text):
                self._put(text[offset:offset + 2], self.here + offset, weight)
        if is_name:
            for match in HAN_RUN.finditer(text):
                for offset, sound in _sounds(match[0]):
                    self._put(sound, self.here + match.start() + offset, weight)
        self.here += len(text)

    def _put(self, word: str, position: int, weight: str) -> None:
        places = self.positions.setdefault(word[:LONGEST_WORD], [])
        if len(places) < MOST_POSITIONS:
            places.append(f"{min(position, LAST_POSITION)}{weight}")

    def as_vector(self) -> str:
        return " ".join(f"'{word}':{','.join(places)}" for word, places in self.positions.items())


def index_asset(asset: Asset) -> None:
    """Read the asset anew and store the words it can be found by."""
    index_assets([asset.pk])


def index_assets(pks: Iterable[int]) -> None:
    """A constant number of queries for any number of assets; give it some hundreds at a time."""
    assets = Asset.objects.filter(pk__in=list(pks)).prefetch_related("titles", "places", "subjects", "credits__agent")
    rows = [(asset.pk, _words_of(asset).as_vector()) for asset in assets]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE archive_asset SET search_vector = words.vector::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS words(pk, vector) WHERE archive_asset.id = words.pk",
            [[pk for pk, _vector in rows], [vector for _pk, vector in rows]])


def _words_of(asset: Asset) -> Words:
    words = Words()
    words.add(asset.accession_number, "A")
    for title in asset.titles.all():
        words.add(title.value, "A", is_name=True)
    for credit in asset.credits.all():
        for name in credit.agent.all_names:
            words.add(name, "B", is_name=True)
    for name in [*(place.name for place in asset.places.all()), *(subject.term for subject in asset.subjects.all())]:
        words.add(name, "C", is_name=True)
    for text in (asset.description, asset.description_zh, asset.notes):
        words.add(text, "D")
    return words


def _sounds(characters: str) -> Iterator[tuple[int, str]]:
    """For each character, the pinyin of it and what follows: a query that begins there is a prefix of it."""
    syllables = lazy_pinyin(characters, style=Style.NORMAL, errors="ignore")
    if len(syllables) != len(characters):
        return
    for offset in range(len(syllables)):
        following = syllables[offset:offset + SOUNDED_CHARACTERS]
        yield offset, "".join(following)
        yield offset, "".join(syllable[0] for syllable in following)
