"""Whoever reads Chinese reads all of it in Chinese: no sentence is missing, and none has lost a placeholder."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext

from archive.templatetags.patina import said
from restoration.engine.repair import REPAIRS
from restoration.engine.repairing import Advice
from restoration.engine.settings import PRESETS, Settings
from restoration.templatetags.restoring import packaging_in_words, reason_in_words

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
PERCENT = re.compile(r"%\(\w+\)0?\d*[sd]")
MARKED = re.compile(r"gettext_noop\(\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)\)")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="zh_Hans")


def sentences(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each English sentence, in its plural where it has one, beside the Chinese, which has one form for all numbers."""
    for message in catalogue:
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[-1]
            yield english, message.string if isinstance(message.string, str) else message.string[0]


def placeholders(text: str) -> set[str]:
    """{name:.1f} and %(name)s. What only looks like one to a formatter, as “16:9”, is none."""
    try:
        braces = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    return braces | {found.split(")")[0] for found in PERCENT.findall(text)}


def marked_in(folder: Path) -> list[str]:
    """The English sentences that the code of a folder marks with gettext_noop."""
    return ["".join(re.findall(r"\"((?:[^\"\\]|\\.)*)\"", literal))
            for path in sorted(folder.rglob("*.py")) for literal in MARKED.findall(path.read_text())]


def in_chinese(text: str) -> str:
    with translation.override("zh-hans"):
        return gettext(text)


def test_every_sentence_has_its_chinese(catalogue: Catalog) -> None:
    assert [english for english, chinese in sentences(catalogue) if not chinese.strip()] == []


def test_no_chinese_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_every_placeholder_stands_on_both_sides(catalogue: Catalog) -> None:
    assert [(english, chinese) for english, chinese in sentences(catalogue)
            if placeholders(english) != placeholders(chinese)] == []


def test_chinese_sentences_end_as_chinese_ones_do(catalogue: Catalog) -> None:
    assert [chinese for _, chinese in sentences(catalogue)
            if re.search(r"[\u4e00-\u9fff][,;:?!.](?!\w)", chinese)] == []


def test_every_sentence_the_engine_marks_is_known_in_chinese() -> None:
    marked = marked_in(ROOT / "restoration/engine")
    assert len(marked) > 60
    assert [text for text in marked if not re.search(r"[\u4e00-\u9fff]", in_chinese(text))
            and re.search(r"[a-z]{3}", text)] == []


@pytest.mark.parametrize("section", dict(Settings.sections()))
def test_every_setting_is_described_in_chinese(section: str) -> None:
    words = [Settings.model_fields[section].title]
    for field in getattr(Settings(), section).__class__.model_fields.values():
        words += [field.title, field.description]
    assert [text for text in words if text and in_chinese(text) == text] == []


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_described_in_chinese(name: str) -> None:
    assert not {PRESETS[name].title, PRESETS[name].description} & {
        in_chinese(PRESETS[name].title), in_chinese(PRESETS[name].description)}


def test_the_words_that_fill_a_sentence_are_chinese_too() -> None:
    with translation.override("zh-hans"):
        assert said("Changed: {fields}.", {"fields": "titles, notes"}) == "已更改：题名、附注。"


def test_a_setting_chosen_by_hand_is_named_as_the_form_names_it() -> None:
    reason = {"text": "Chosen by hand: {value} instead of the recommended {recommended}.",
              "values": {"value": "none", "recommended": "True"}}
    with translation.override("zh-hans"):
        assert reason_in_words(reason) == "人工选定“不处理”，而非建议的“是”。"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("advice", [advice for repair in REPAIRS for advice in repair.advice],
                         ids=lambda advice: str(advice.defect))
def test_the_reason_of_every_repair_is_said_with_its_numbers(advice: Advice, language: str) -> None:
    asked = {name for _text, name, _spec, _conversion in string.Formatter().parse(advice.text) if name}
    values = {name: 3 if name == "shots" else 1.5 for name in asked}
    with translation.override(language):
        sentence = reason_in_words({"text": advice.text, "values": values})
    assert "{" not in sentence
    assert any(digit in sentence for digit in "123456789")


@pytest.mark.parametrize("advice", [each for repair in REPAIRS for each in repair.advice], ids=lambda each: each.defect)
def test_no_reason_speaks_of_1_shots(advice: Advice) -> None:
    assert "{shots} shots" not in advice.text


def test_what_a_package_waits_for_is_named_as_the_package_names_it() -> None:
    with translation.override("zh-hans"):
        assert packaging_in_words("access 44/240") == "观看副本 44/240"
        assert packaging_in_words("hdr10 44/480") == "高动态范围：HDR10 44/480"
