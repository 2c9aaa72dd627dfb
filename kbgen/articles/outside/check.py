"""The links of a project to other sites: asks for those that are due, and says what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from kbgen.articles.codes import problem
from kbgen.articles.link_check import texts
from kbgen.articles.model import Corpus
from kbgen.articles.outside.addresses import addresses
from kbgen.articles.outside.known import DAYS, Known, after, places
from kbgen.articles.outside.visit import Answer, Visitor
from kbgen.errors import Problem

HOSTS = 8  # asked at once


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known after a check. `asked` counts the addresses that were asked; with `offline`
    no host answered, so nothing was learned."""

    known: Mapping[str, Known]
    asked: int = 0
    offline: bool = False

    def summary(self) -> str:
        """The counts in a line."""
        counts = Counter(entry.state for entry in self.known.values())
        moved = sum(bool(entry.moved) for entry in self.known.values())
        links = "link" if len(self.known) == 1 else "links"
        parts = [f"{len(self.known):,} {links} to other sites, {self.asked:,} asked"]
        named = {
            "dead": counts["dead"],
            "moved for good": moved,
            "failed and asked again another day": counts["failed"],
            "on private networks": counts["private"],
            "not to be asked or not clear": counts["unclear"],
        }
        parts += [f"{count:,} {name}" for name, count in named.items() if count]
        return ", ".join(parts)


def check_outside(
    corpus: Corpus,
    known: Mapping[str, Known],
    visitor: Visitor,
    today: date,
    *,
    days: int = DAYS,
) -> Checked:
    """Asks for every address of the corpus that is due. Those that no text links are forgotten."""
    wanted = sorted({address for text in texts(corpus) for address, _ in addresses(text.body)})
    held = {address: known[address] for address in wanted if address in known}
    private = visitor.client.private
    due = [a for a in wanted if a not in held or held[a].is_due(today, days, private=private)]
    answers = _ask(due, visitor)
    if _is_offline(answers):
        return Checked(held, len(due), offline=True)
    now = {address: after(answer, held.get(address), today) for address, answer in answers.items()}
    return Checked({**held, **now}, len(due))


def _ask(due: Sequence[str], visitor: Visitor) -> dict[str, Answer]:
    """The answers, several hosts at a time, each host one address after the other."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in due:
        hosts[urlsplit(address).netloc].append(address)

    def one_host(mine: Sequence[str]) -> list[tuple[str, Answer]]:
        return [(address, visitor.visit(address)) for address in mine]

    with ThreadPoolExecutor(HOSTS, "links") as pool:
        try:
            return dict(row for rows in pool.map(one_host, hosts.values()) for row in rows)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _is_offline(answers: Mapping[str, Answer]) -> bool:
    """Whether no host answered anything: then it is most likely this machine that is off."""
    hosts = {urlsplit(address).netloc for address in answers}
    said = [a for a in answers.values() if a.status is not None or a.refused or a.private]
    return len(hosts) > 1 and not said


def outside_problems(
    corpus: Corpus, known: Mapping[str, Known], prefix: str = "content/"
) -> Iterator[Problem]:
    """What is wrong with the links of the articles to other sites, at their lines."""
    for text in texts(corpus):
        for address, line in places(addresses(text.body)).items():
            if entry := known.get(address):
                yield from _problem(address, entry, prefix + text.path, text.line + line - 1)


def _problem(address: str, entry: Known, path: str, line: int) -> Iterable[Problem]:
    if entry.state == "dead":
        message = f"link to {address}: dead since {entry.since} ({entry.said})"
        yield problem("dead-address", path, line, message, "correct it, or remove the link")
    elif entry.state == "private":
        message = f"link to {address}: {entry.said}, where readers cannot go"
        hint = "write an address that everybody can open, or allow it with --private-links"
        yield problem("private-address", path, line, message, hint)
    elif entry.moved:
        message = f"link to {address}: has moved for good"
        yield problem("moved-address", path, line, message, f"write {entry.moved}")
