"""A ready reply from an article: the short answer and a link that stays good for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbgen.search import Hit
from kbgen.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent pastes: `answer` in a sentence or three, `link` to the whole article.

    `link` is "" where readers cannot follow one.
    """

    title: str
    answer: str
    link: str

    @property
    def text(self) -> str:
        """For chat and e-mail without formats."""
        return "\n".join(line for line in (self.answer or self.title, self.link) if line)

    @property
    def markdown(self) -> str:
        """For tools that read Markdown."""
        title = self.title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        link = f"[{title}]({self.link})" if self.link else ""
        return "\n\n".join(part for part in (self.answer, link) if part)

    @property
    def html(self) -> str:
        """For rich text editors."""
        from html import escape  # noqa: PLC0415  (rarely asked for, and a look-up must be quick)

        answer = f"<p>{escape(self.answer)}</p>" if self.answer else ""
        link = f'<p><a href="{escape(self.link)}">{escape(self.title)}</a></p>' if self.link else ""
        return answer + link


FORMATS: Mapping[str, Callable[[Reply], str]] = {
    "text": lambda reply: reply.text,
    "markdown": lambda reply: reply.markdown,
    "html": lambda reply: reply.html,
}


def reply(hit: Hit, settings: Settings) -> Reply:
    """The reply for an article: what its writer put under `reply:`, else the text that was found.

    The link is the permanent address. An article that only agents may read, or a project that
    has no address yet, has no link to give away.
    """
    answer = " ".join((hit.reply or hit.snippet.text).split())
    return Reply(hit.title.text, answer, permalink(hit, settings))


def permalink(hit: Hit, settings: Settings) -> str:
    """The address for ever of a public article, in its own language; "" if it has none."""
    if not (hit.public and settings.site_url):
        return ""
    own = "" if hit.lang == settings.source_language else f"{hit.lang}/"
    return f"{settings.site_url}{own}a/{hit.article}/"
