"""Digests as files: Markdown, and a mail that a program of yours may send."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from kbgen.errors import ConfigError
from kbgen.insights.digest import Digest, Line
from kbgen.insights.markdown import plain

NOBODY = "nobody"
MARK = "X-Kbgen-Digest"  # a header: the file is ours and may be replaced
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # on Windows


def write_digests(
    found: Sequence[Digest], folder: Path, *, today: date, lang: str, site_name: str, site_url: str
) -> list[Path]:
    """Writes `NAME.md` and `NAME.eml` of each owner, and returns them.

    Those of an earlier week are replaced or removed, other files left alone. Raises ConfigError
    if one of those has a name that is needed.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: is a file; digests need a folder")
    folder.mkdir(parents=True, exist_ok=True)
    earlier = [path for mail in folder.glob("*.eml") if _is_ours(mail) for path in _pair(mail)]
    files: dict[Path, bytes] = {}
    for name, digest in zip(file_names(d.owner for d in found), found, strict=True):
        mail = as_mail(digest, today=today, lang=lang, site_name=site_name, site_url=site_url)
        files[folder / f"{name}.md"] = as_markdown(digest).encode()
        files[folder / f"{name}.eml"] = mail.as_bytes()
    foreign = [path.name for path in files if path.exists() and path not in earlier]
    if foreign:
        raise ConfigError(
            f"{folder}: {', '.join(foreign)} would be overwritten and is no digest "
            "(name a folder for digests alone)"
        )
    for path in earlier:
        path.unlink(missing_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def _is_ours(mail: Path) -> bool:
    return f"\r\n{MARK}:".encode() in mail.read_bytes()[:4096]


def _pair(mail: Path) -> tuple[Path, Path]:
    return mail, mail.with_name(mail.name.removesuffix(".eml") + ".md")


def file_names(owners: Iterable[str]) -> list[str]:
    """A name for each owner's files: safe everywhere, and no two that differ in capitals only."""
    taken: set[str] = set()
    names = []
    for owner in owners:
        name = re.sub(r"[^\w@+-]+", "-", unicodedata.normalize("NFC", owner)).strip("-.")
        base = name[:60].rstrip("-.") or ("owner" if owner else NOBODY)
        if _RESERVED.fullmatch(base) or (owner and base.casefold() == NOBODY):
            base += "-"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def as_markdown(digest: Digest) -> str:
    """The digest as Markdown; what others wrote in it stays text."""
    blocks = [f"# {plain(digest.subject)}", *digest.opening]
    for section in digest.sections:
        lines = [_markdown_line(line) for line in section.lines]
        blocks += [f"## {section.title}", "\n".join(lines)]
    return "\n\n".join([*blocks, f"<sub>{digest.closing}</sub>"]) + "\n"


def _markdown_line(line: Line) -> str:
    title = f"[{plain(line.title)}]({line.url})" if line.url else plain(line.title)
    return "  \n  ".join([f"- **{title}**", *(plain(text) for text in line.said)])


def as_mail(
    digest: Digest, *, today: date, lang: str, site_name: str, site_url: str
) -> EmailMessage:
    """The digest as a mail, text and simple HTML. It asks no host for anything, and the same
    digest is the same bytes. It has an addressee only if the owner is an address."""
    host = _host(site_url)
    told = sha256(f"{site_url}\n{digest.owner}\n{today}".encode()).hexdigest()[:24]
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _one_line(digest.subject)
    mail["From"] = Address(_one_line(site_name), "kbgen", host)
    if _ADDRESS.fullmatch(digest.owner):
        mail["To"] = Address(addr_spec=digest.owner)
    mail["Date"] = format_datetime(datetime.combine(today, time(), UTC))
    mail["Message-ID"] = f"<{told}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail[MARK] = today.isoformat()
    mail.set_content(as_text(digest), cte="base64")
    mail.add_alternative(as_html(digest, lang), subtype="html", cte="base64")
    mail.set_boundary(f"=_{told}")
    mail["Content-Language"] = lang
    return mail


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _host(site_url: str) -> str:
    """The host of the site, for a sender that nobody else has."""
    host = urlsplit(site_url).hostname or ""
    return host if re.fullmatch(r"[a-z0-9.-]+", host) else "kbgen.invalid"


def as_text(digest: Digest) -> str:
    """The digest as plain text."""
    blocks = [digest.subject, *digest.opening]
    for section in digest.sections:
        lines = [_text_line(line) for line in section.lines]
        blocks += [section.title.upper(), *lines]
    return "\n\n".join([*blocks, digest.closing]) + "\n"


def _text_line(line: Line) -> str:
    said = [text for text in (*line.said, line.url) if text]
    return "\n  ".join([f"* {line.title}", *said])


def as_html(digest: Digest, lang: str) -> str:
    """The digest as HTML without pictures, scripts or styles from elsewhere."""
    parts = [Markup("<h1>{}</h1>").format(digest.subject)]
    parts += [Markup("<p>{}</p>").format(text) for text in digest.opening]
    for section in digest.sections:
        rows = Markup("\n").join(_html_line(line) for line in section.lines)
        parts.append(Markup("<h2>{}</h2>\n<ul>\n{}\n</ul>").format(section.title, rows))
    parts.append(Markup("<p><small>{}</small></p>").format(digest.closing))
    body = Markup("\n").join(parts)
    return Markup(
        '<!doctype html>\n<html lang="{}">\n<head><meta charset="utf-8"><title>{}</title></head>\n'
        "<body>\n{}\n</body>\n</html>\n"
    ).format(lang, digest.subject, body)


def _html_line(line: Line) -> Markup:
    title: str = escape(line.title)
    if line.url:
        title = Markup('<a href="{}">{}</a>').format(line.url, line.title)
    said = Markup("").join(Markup("<br>{}").format(text) for text in line.said)
    return Markup("<li><strong>{}</strong>{}</li>").format(title, said)
