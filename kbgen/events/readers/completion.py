"""Makes the fields of an event out of what another tool says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kbgen.errors import EventError
from kbgen.events.checks import LIMITS
from kbgen.events.model import VERSION, parse
from kbgen.events.readers.answers import is_star, read_answer
from kbgen.events.readers.finder import Finder
from kbgen.events.readers.moments import read_moment
from kbgen.events.readers.options import URL, Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.values import NUMBERS, blank, fingerprint, short, shown, text_of, whole
from kbgen.events.times import derived_id, format_time, read_time

MOST_UNITS = 100_000  # that one row of a report may stand for
_CUT = ("comment", "query")
_ANYWHERE = ("search", "contact")  # what may happen on a page without an article
_NO_TIME = "ts: is missing (say where it is: --map ts=NAME, or what it is: --set ts=2026-11-03)"
_NO_RESULTS = (
    "results: is missing; a search needs it "
    "(say where it is: --map results=NAME, or what it is: --set results=0)"
)


class Completion:
    """Completes the rows of one file of a tool; remembers what it has seen in it.

    `tool` goes into `source` and into derived ids. A row is given by the names of kbgen's fields,
    with values as the tool writes them, and `url`, the address of the page.
    """

    def __init__(self, options: Options, tool: str) -> None:
        self._options = options
        self._tool = tool
        self._finder = Finder(options.catalogue)
        self._seen: Counter[str] = Counter()  # derived ids that may be there more than once
        self._ones = False
        self._stars = ""

    def row(
        self,
        line: int,
        given: Mapping[str, Any],
        *,
        key: str = "",
        text: str = "",
        anywhere: bool = False,
    ) -> Row:
        """One event. `key` names it in its tool; without one it is what it says.

        With `anywhere` a page that is no article is nothing bad, and ignored.
        """
        data, problems, warnings = self._complete(given)
        text = text or shown(given)
        if anywhere and problems.keys() == {"article"}:
            return Row(line, text, ignored=True)
        if problems:
            known = parse(data)
            faults = known if isinstance(known, tuple) else ()
            problems |= {f.field: str(f) for f in faults if f.field not in {*problems, "event_id"}}
            return Row(line, text, problem="; ".join(problems.values()))
        if "event_id" not in data:
            data["event_id"] = self._id(data, given, key)
        return Row(line, text, data, warnings=tuple(warnings))

    def units(
        self,
        line: int,
        given: Mapping[str, Any],
        count: Any,
        *,
        text: str = "",
        anywhere: bool = False,
    ) -> Iterator[Row]:
        """As many events as a row of a report stands for; nothing but their ids differs.

        What cannot be used is rejected, or ignored, once.
        """
        number = whole(count)
        if type(number) is not int or not 0 <= number <= MOST_UNITS:
            problem = f"expected a count from 0 to {MOST_UNITS}, found {short(count)}"
            yield Row(line, text or shown(given), problem=problem)
            return
        said = fingerprint(given)
        for unit in range(number):
            row = self.row(line, given, key=f"{said}\0{unit}", text=text, anywhere=anywhere)
            yield row
            if unit == 0 and (row.problem or isinstance(parse(row.data), tuple)):
                break

    def own(self, line: int, given: Mapping[str, Any], *, person: str = "", text: str = "") -> Row:
        """An event that kbgen itself has sent to the tool: it comes back as it was."""
        data = {n: whole(v) if n in NUMBERS else v for n, v in given.items() if not blank(v)}
        if person and data.get("type") in ("vote", "detail"):
            data.setdefault("voter", self.voter(person, data))
        return Row(line, text or shown(given), {"v": VERSION, **data})

    def voter(self, person: str, data: Mapping[str, Any]) -> str:
        """The pseudonym of a person on one article."""
        article = str(data.get("article", ""))
        return self._options.pseudonyms.of("voter", self._tool, person, article)

    def session(self, visit: str) -> str:
        """The pseudonym of a visit."""
        return self._options.pseudonyms.of("session", self._tool, visit)

    def finish(self, path: Path) -> None:
        """Call it after the last row. Raises EventError if ones were stars and not answers."""
        if self._ones and self._stars and not (self._options.yes or self._options.no):
            raise EventError(
                f"{path}: vote: holds 1 and {self._stars}: stars, or yes and no? "
                "Say what counts: --yes 4 --yes 5 --no 1 --no 2"
            )

    def _complete(
        self, given: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str], list[str]]:
        """The fields of an event, what is wrong with them by field, and what was guessed."""
        said = {name: value for name, value in given.items() if not blank(value)}
        raw = {**self._options.constants, **said}
        data: dict[str, Any] = {"v": VERSION, "source": f"import:{self._tool}"}
        problems: dict[str, str] = {}
        for name, value in raw.items():
            try:
                data[name] = self._value(name, value)
            except ValueError as error:
                problems[name] = f"{name}: {error}, found {short(value)}"
        kind = "vote" if "vote" in raw else "search" if "query" in raw else "view"
        if "ts" not in raw:
            problems["ts"] = _NO_TIME
        if data.setdefault("type", kind) == "search" and "results" not in raw:
            problems["results"] = _NO_RESULTS
        warnings = [*self._locate(data, problems), *_cut(data)]
        if person := data.pop("voter", ""):
            data["voter"] = self.voter(person, data)
        return {name: value for name, value in data.items() if value != ""}, problems, warnings

    def _value(self, name: str, value: Any) -> Any:
        if name == "ts":
            moment, _ = read_moment(value, self._options.zone, self._options.dates)
            return format_time(moment)
        if name in ("vote", "findable"):
            return self._answer(value)
        return whole(value) if name in NUMBERS else text_of(value)

    def _answer(self, value: Any) -> int:
        self._ones = self._ones or str(value).strip() == "1"
        if is_star(value):
            self._stars = self._stars or str(value).strip()
        return read_answer(value, self._options.yes, self._options.no)

    def _locate(self, data: dict[str, Any], problems: dict[str, str]) -> list[str]:
        """Puts in which article and page it is about; returns what was guessed."""
        url = data.pop(URL, "")
        if url and "path" not in data and len(path := path_of(url)) <= LIMITS["path"]:
            data["path"] = path
        asked = data.get("article") or url
        if not asked:
            return []
        try:
            found = self._finder.find(str(asked), str(data.get("lang", "")))
        except ValueError as error:
            if "article" in data or data["type"] not in _ANYWHERE:
                problems["article"] = f"article: {error}"
            return []
        data["article"] = found.article
        data["lang"] = found.lang or data.get("lang", "")
        return [found.warning] if found.warning else []

    def _id(self, data: Mapping[str, Any], given: Mapping[str, Any], key: str) -> str:
        """The id of an event whose tool gives none that kbgen can use.

        Two people may give the same answer at the same time. Where only the person or not even
        the hour is told, each of them counts: the first, the second.
        """
        moment = read_time(data["ts"])
        said = key or fingerprint(given)
        made = derived_id(moment, self._tool, said)
        if key or ("voter" not in given and not self._is_day(given)):
            return made
        self._seen[made] += 1
        nth = self._seen[made]
        return made if nth == 1 else derived_id(moment, self._tool, said, str(nth))

    def _is_day(self, given: Mapping[str, Any]) -> bool:
        value = given.get("ts") or self._options.constants.get("ts")
        return read_moment(value, self._options.zone, self._options.dates)[1]


def _cut(data: dict[str, Any]) -> Iterator[str]:
    """Cuts texts that are too long, rather than lose a vote over its comment."""
    for name in _CUT:
        if isinstance(text := data.get(name), str) and len(text) > LIMITS[name]:
            data[name] = text[: LIMITS[name]]
            yield f"{name} cut to {LIMITS[name]} characters"


def path_of(url: str) -> str:
    """The path of a page as events have it, encoded as it is."""
    path = url.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    if "//" in path:
        path = path.partition("//")[2].partition("/")[2]
    return "/" + path.lstrip("/").replace(" ", "%20")
