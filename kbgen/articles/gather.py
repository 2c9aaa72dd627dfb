"""Pages of files -> articles and categories that agree with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from kbgen.articles.codes import problem
from kbgen.articles.ids import next_id
from kbgen.articles.model import Article, Audience, Category
from kbgen.articles.place import Layout, parents, title_of
from kbgen.articles.reading import Page
from kbgen.articles.revision import derived_id
from kbgen.errors import Problem, did_you_mean

_QUARTER = timedelta(days=90)
_SHORT_LIVED = ("price", "policy")
_PLAIN = (
    "description", "tags", "questions", "aliases", "owner", "reviewed", "review_every", "expires",
    "translated_from", "related", "redirect_from", "reply", "product", "draft", "feedback",
    "changes", "changes_hidden", "search_boost", "search_exclude",
)  # fmt: skip


def without_twins(pages: Sequence[Page]) -> tuple[list[Page], list[Problem]]:
    """The pages whose address no earlier file has, and what to say about the others."""
    kept: dict[str, Page] = {}
    folded: dict[str, Page] = {}
    problems = []
    for page in pages:
        url = page.place.url
        twin = kept.setdefault(url, page)
        near = folded.setdefault(url.casefold(), page)
        if twin is not page:
            message = f"the address /{url} belongs to {twin.path}; this file is left out"
            problems.append(problem("same-address", page.path, 0, message, "rename one of the two"))
        elif near is not page:
            message = f"the address /{url} differs from that of {near.path} only in case"
            hint = "rename one: many hosts and disks cannot tell them apart"
            problems.append(problem("same-address-case", page.path, 0, message, hint))
    return list(kept.values()), problems


def languages_of(
    pages: Sequence[Page], languages: Sequence[str]
) -> tuple[dict[str, str], list[Problem]]:
    """The language of each page by path; what is in a language that mkdocs.yml does not list."""
    found = {}
    problems = []
    reported = set(languages)
    for page in pages:
        lang = page.values.get("lang") or page.place.lang
        if lang not in languages and lang not in reported:
            reported.add(lang)
            line = page.lines.get("lang", 0)
            message = (
                f"the language {lang} is not among those of mkdocs.yml: {', '.join(languages)}"
            )
            hint = did_you_mean(lang, languages) or f"add {lang} to languages: in mkdocs.yml"
            problems.append(
                problem("unlisted-language", page.path, line, message, hint, field="lang")
            )
        found[page.path] = lang
    return found, problems


class Categories:
    """The categories of all languages, those without an index.md included."""

    def __init__(self, layout: Layout, prefix: str) -> None:
        self.layout, self.prefix = layout, prefix
        self.pages: dict[tuple[str, str], Page] = {}
        self.known: dict[tuple[str, str], None] = {}

    def add_page(self, lang: str, page: Page) -> None:
        """Takes the index.md of a category; a draft only makes the category known."""
        if not page.values.get("draft"):
            self.pages[lang, page.place.category] = page
        self.add(lang, page.place.category)
        if not page.place.category:
            self.known[lang, ""] = None

    def add(self, lang: str, category: str) -> None:
        """Notes that a category and those above it exist."""
        self.known.update(dict.fromkeys((lang, name) for name in parents(category)))

    def is_for_agents(self, lang: str, *categories: str) -> bool:
        """Whether one of the categories, or one above them, is for agents only."""
        names = ["", *(name for category in categories for name in parents(category))]
        found = (self.pages.get((lang, name)) for name in names)
        return any(page is not None and page.values.get("audience") == "agents" for page in found)

    def build(self) -> tuple[Category, ...]:
        """All categories, by language, order and title."""
        rank = {lang: place for place, lang in enumerate(self.layout.languages)}
        made = [self._one(lang, name) for lang, name in self.known]
        return tuple(
            sorted(
                made, key=lambda c: (rank.get(c.lang, len(rank)), c.lang, c.order, c.title, c.path)
            )
        )

    def _one(self, lang: str, name: str) -> Category:
        page = self.pages.get((lang, name))
        audience: Audience = "agents" if self.is_for_agents(lang, name) else "public"
        if page is None:
            folder = self.layout.folder(lang, name)
            title = title_of(name.rsplit("/", 1)[-1])
            return Category(path=name, lang=lang, title=title, folder=folder, audience=audience)
        return Category(
            path=name,
            lang=lang,
            title=page.title,
            description=page.values.get("description", ""),
            icon=page.values.get("icon", ""),
            order=page.values.get("order", 1000),
            body=page.body,
            body_line=page.body_line,
            source=page.path.removeprefix(self.prefix),
            folder=page.place.folder,
            audience=audience,
        )


class Ids:
    """Gives each article its id: its own, or one from its path."""

    def __init__(self, pages: Iterable[Page]) -> None:
        given = {str(page.values["id"]) for page in pages if "id" in page.values}
        self.free = next_id(given)
        self.first: dict[tuple[str, str], Page] = {}
        self.problems: list[Problem] = []

    def of(self, page: Page, lang: str) -> tuple[str, bool]:
        """The id of a page, and whether it was derived."""
        own = page.values.get("id")
        derived = derived_id(page.place.key)
        line = page.lines.get("id", 1)
        if own is None:
            if "id" not in page.lines:
                message = (
                    f"the article has no id; {derived} is made from its path and changes with it"
                )
                hint = f"write id: {self.free}, or let kbgen adopt write ids into all files"
                self.problems.append(problem("no-id", page.path, line, message, hint, field="id"))
            return derived, True
        other = self.first.setdefault((own.casefold(), lang), page)
        if other is page:
            return own, False
        message = f"the id {own} belongs to {other.path}; {derived} is used here"
        hint = f"write id: {self.free}"
        self.problems.append(problem("duplicate-id", page.path, line, message, hint, field="id"))
        return derived, True


def article(
    page: Page, lang: str, identity: tuple[str, bool], prefix: str, updated: Mapping[str, date]
) -> Article:
    """The article of a page whose audience and category are still its own."""
    values = {name: page.values[name] for name in _PLAIN if name in page.values}
    if "review_every" not in values and any(
        tag.lower() in _SHORT_LIVED for tag in values.get("tags", ())
    ):
        values["review_every"] = _QUARTER
    path = page.path.removeprefix(prefix)
    return Article(
        path=path,
        id=identity[0],
        id_derived=identity[1],
        lang=lang,
        category=page.values.get("category", page.place.category),
        slug=page.place.slug,
        title=page.title,
        body=page.body,
        body_line=page.body_line,
        rev=page.rev,
        audience=page.values.get("audience", "public"),
        updated=updated.get(path),
        meta=page.meta,
        lines=page.lines,
        **values,
    )


def audience_problem(page: Page, category: str) -> Problem:
    """An article that calls itself public in a category for agents."""
    message = f"audience: public, but the category {category or 'at the top'} is for agents"
    hint = "move the article, or remove its audience; it stays inside until then"
    line = page.lines.get("audience", 0)
    return problem("audience-conflict", page.path, line, message, hint, field="audience")


def category_problems(page: Page, category: str, folders: Collection[str]) -> list[Problem]:
    """An article without a category, or with one that has no folder in any language."""
    line = page.lines.get("category", 0)
    if not category:
        hint = "move it into a folder such as returns/, or write category: returns"
        message = "the article is in no category"
    elif category not in folders:
        hint = (
            did_you_mean(category, folders)
            or "make the folder, or write the name of one that exists"
        )
        message = f"no folder is named as the category '{category}'"
    else:
        return []
    code = "unknown-category" if category else "no-category"
    return [problem(code, page.path, line, message, hint, field="category")]
