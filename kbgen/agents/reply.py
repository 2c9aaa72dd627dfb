"""A ready reply from an article: the short answer and a link that stays good for ever."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from kbgen.articles import Article, plain_text

SHORTEST = 20  # characters; a shorter first paragraph is a heading or a picture, not an answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent pastes: `answer` in a sentence or three, `link` to the whole article."""

    title: str
    answer: str
    link: str

    @property
    def text(self) -> str:
        """For chat and e-mail without formats."""
        return f"{self.answer}\n{self.link}" if self.answer else f"{self.title}\n{self.link}"

    @property
    def markdown(self) -> str:
        """For tools that read Markdown."""
        title = self.title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        link = f"[{title}]({self.link})"
        return f"{self.answer}\n\n{link}" if self.answer else link

    @property
    def html(self) -> str:
        """For rich text editors."""
        link = f'<p><a href="{escape(self.link)}">{escape(self.title)}</a></p>'
        return f"<p>{escape(self.answer)}</p>{link}" if self.answer else link


def reply(article: Article, site_url: str, source_language: str) -> Reply:
    """The reply for an article: what its writer put under `reply:`, else its first paragraph.

    The link is the permanent address; that of a translation names its language. An article that
    only agents may read has no link to give away: `link` is "".
    """
    place = article.permalink
    if article.lang != source_language:
        place = f"{article.lang}/{place}"
    link = site_url + quote(place) if article.is_public else ""
    return Reply(article.title, article.reply or _first_paragraph(article), link)


def _first_paragraph(article: Article) -> str:
    for paragraph in article.body.split("\n\n"):
        text = " ".join(plain_text(paragraph).split())
        if len(text) >= SHORTEST:
            return text
    return article.description
