"""One term per concept: no text and no document uses a word that the glossary replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from refgraph.commands import explanations
from refgraph.errors import UsageError
from refgraph.texts import LANGUAGES, load_glossary, load_texts
from refgraph.texts.formulas import FORMULAS

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ACCEPTED_HEADERS = "columns.md"
"""The page that lists Chinese headers of input files, among them words that texts avoid."""
BRITISH = re.compile(
    r"\b(?:neighbour|colour|favour|behaviour|labell|modell|analys(?:e|ed|ing)\b"
    r"|(?:recogn|normal|summar|organ|synchron|real)is(?:e|ed|es|ing)\b|grey|centre|catalogue)"
)


def find_texts(lang: str) -> Iterator[tuple[str, str]]:
    """(where, sentence) for every text of a language."""
    for table, texts in load_texts(lang).items():
        for key, text in texts.items():
            yield f"{table}.{key}", text


def find_avoided_words(lang: str) -> Iterator[re.Pattern[str]]:
    """A pattern for each avoided word; in English for whole words only."""
    for term in load_glossary().values():
        for word in term.get(f"avoid_{lang}", ()):
            yield re.compile(rf"\b{re.escape(word)}\b", re.I) if lang == "en" else re.compile(word)


def remove_names(text: str) -> str:
    """The text without code, places, addresses and options: names such as the alias `luck`."""
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    return re.sub(r"`[^`]*`|{[^}]*}|\]\([^)]*\)|https?://\S+|--[\w-]+", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_uses_an_avoided_word(lang: str) -> None:
    patterns = list(find_avoided_words(lang))
    assert len(patterns) > 10
    found = [
        (where, pattern.pattern)
        for where, text in find_texts(lang)
        for pattern in patterns
        if pattern.search(re.sub(r"{[^}]*?:|{\w+}|--[\w-]+", "", text))
    ]
    assert not found


@pytest.mark.parametrize("file", DOCUMENTS, ids=[str(f.relative_to(ROOT)) for f in DOCUMENTS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_document_uses_an_avoided_word(file: Path, lang: str) -> None:
    if lang == "zh" and file.name == ACCEPTED_HEADERS:
        return
    text = remove_names(file.read_text(encoding="utf-8"))
    assert not [p.pattern for p in find_avoided_words(lang) if p.search(text)]


def test_english_texts_use_american_spelling() -> None:
    assert not [where for where, text in find_texts("en") if BRITISH.search(text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_appears_in_the_texts(lang: str) -> None:
    texts = "\n".join(text for _, text in find_texts(lang)).lower()
    missing = [key for key, term in load_glossary().items() if term[lang].lower() not in texts]
    assert not missing


def test_every_term_has_word_and_meaning_in_both_languages() -> None:
    keys = {f"{part}{lang}" for part in ("", "meaning_") for lang in LANGUAGES}
    assert all(keys <= set(term) for term in load_glossary().values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_terms_share_a_word(lang: str) -> None:
    words = [term[lang] for term in load_glossary().values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("name", "lang", "expected"),
    [
        ("m14", "en", "M14  Shapley"),
        ("Key Account", "en", "key account  (大客户)"),
        ("key account", "zh", "大客户  (key account)"),
        ("随机水平", "en", "chance  (随机水平)"),
        ("customers.id", "zh", "customers.id  客户编号"),
    ],
)
def test_explain_finds_formulas_terms_and_columns(name: str, lang: str, expected: str) -> None:
    assert explanations.explain(name, lang)[0].startswith(expected)


def test_explain_unknown_name_suggests_similar_ones() -> None:
    with pytest.raises(UsageError) as caught:
        explanations.explain("key acount", "en")
    assert caught.value.id == "unknown-term"
    assert caught.value.values["known"][0] == "key account"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_without_a_name_lists_every_formula_and_term(lang: str) -> None:
    lines = explanations.list_explanations(lang)
    assert len(lines) == len(FORMULAS) + len(load_glossary())
    assert f"{load_glossary()['chance'][lang]}\t" in "\n".join(lines)
