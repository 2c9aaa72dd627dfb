"""`kbgen new`: the file of an article that is still to be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbgen.articles.corpus import load_corpus
from kbgen.articles.ids import last_given, next_id, number_of, remember
from kbgen.articles.model import Article, Corpus
from kbgen.articles.nodes import Scalar
from kbgen.articles.place import layout, refusal
from kbgen.articles.schema import ID
from kbgen.articles.sections import slugify
from kbgen.articles.urls import read_ledger
from kbgen.articles.values import Notes, UnfitError, folder
from kbgen.articles.yamltext import quoted
from kbgen.errors import ConfigError, ContentError, did_you_mean
from kbgen.settings import Settings

_LONGEST_SLUG = 60  # characters; longer addresses are cut in mails and chats

_BODY = {
    "ko": "첫 문장에서 바로 답해 주세요.\n\n## 방법\n\n1. \n\n## 그래도 안 된다면\n",
    "en": "Answer in the first sentence.\n\n## What to do\n\n1. \n\n## If that does not help\n",
}


@dataclass(frozen=True, slots=True)
class Created:
    """A new file and the id of its article. `new_category` if the folder is new as well."""

    path: Path
    id: str
    new_category: bool


def create(
    settings: Settings,
    title: str,
    *,
    category: str = "",
    lang: str = "",
    article_id: str = "",
    today: date,
) -> Created:
    """Writes the file of a new article, a draft until its writer says otherwise.

    `article_id` names an existing article to translate it: category, file name and the revision
    to follow come from it. Raises ConfigError for values that cannot be, ContentError if the file
    exists; nothing is ever overwritten.
    """
    title = " ".join(title.split())
    if not title:
        raise ConfigError("an article needs a title: kbgen new 'When is my refund paid?'")
    lang = _language(settings, lang)
    settings.content.mkdir(parents=True, exist_ok=True)
    corpus = load_corpus(settings, history=False, links=False)
    source = _source(corpus, article_id, lang)
    where = _category(corpus, category or (source.category if source else ""))
    identity = article_id or _next_id(settings, corpus)
    slug = source.slug if source else _slug(title) or identity.lower()
    parts = [_language_folder(settings, lang), where, f"{slug}.md"]
    path = "/".join(part for part in parts if part)
    if reason := refusal(path):
        raise ConfigError(f"{path}: {reason} (choose another title)")
    file = settings.content / path
    is_new = not file.parent.is_dir()
    _write(file, _text(title, identity, lang, source, today))
    remember(settings.content, number_of(identity))
    return Created(file, identity, is_new)


def _language(settings: Settings, lang: str) -> str:
    if lang and lang not in settings.languages:
        listed = ", ".join(settings.languages)
        hint = did_you_mean(lang, settings.languages) or "add it to languages: first"
        raise ConfigError(f"mkdocs.yml lists {listed} and not {lang} ({hint})")
    return lang or settings.source_language


def _language_folder(settings: Settings, lang: str) -> str:
    """Sites with one language may do without its folder."""
    has_folders = layout(settings.content, settings.languages).has_folders
    return lang if has_folders or len(settings.languages) > 1 else ""


def _source(corpus: Corpus, article_id: str, lang: str) -> Article | None:
    """The article to translate, if the id is that of one."""
    if not article_id:
        return None
    if not re.fullmatch(ID, article_id):
        raise ConfigError(f"{article_id} is no id (write letters, digits, - and _: KB-0042)")
    others = corpus.by_id.get(article_id, ())
    for other in others:
        if other.lang == lang:
            raise ConfigError(f"{article_id} is already {other.path} (leave --id out for a new id)")
    return others[0] if others else None


def _category(corpus: Corpus, category: str) -> str:
    if not category:
        raise ConfigError("an article needs a category: --category returns")
    try:
        name = str(folder(Scalar(category, 1), Notes()))
    except UnfitError as error:
        raise ConfigError(f"{category} is no category ({error.hint})") from error
    known = {entry.path for entry in corpus.categories if entry.path}
    near = did_you_mean(name, known)
    if name not in known and near:
        raise ConfigError(f"no category is named {name} ({near} make its folder if it is meant)")
    return name


def _next_id(settings: Settings, corpus: Corpus) -> str:
    """An id that no article has or ever had."""
    published = (entry.id for entry in read_ledger(settings.content).values())
    return next_id([*corpus.by_id, *published], last_given(settings.content))


def _slug(title: str) -> str:
    """The title as a file name: Hangul kept, cut between words."""
    slug = slugify(title).strip("-_")
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def _text(title: str, identity: str, lang: str, source: Article | None, today: date) -> str:
    follows = f"translated_from: '{source.rev}'\n" if source else ""
    body = _BODY.get(lang.split("-", maxsplit=1)[0], _BODY["en"])
    return (
        f"---\nid: {identity}\ntitle: {quoted(title)}\ndescription:\ntags: []\n"
        f"questions: []\naliases: []\nowner:\nreviewed: {today}\n{follows}draft: true\n---\n{body}"
    )


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise ContentError(f"{file}: exists already (choose another title)") from error
