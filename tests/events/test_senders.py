"""Networks, pseudonyms and buckets: who sent it, without knowing who it is."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kbgen.errors import ConfigError
from kbgen.events.buckets import Buckets
from kbgen.events.senders import Sender, Voters, client_network, read_networks
from tests.events.samples import Clock, event

PROXIES = read_networks(["10.0.0.0/8", "fd00::/8"])

NETWORKS = [
    ("203.0.113.9", "", "203.0.113.0/24"),
    ("203.0.113.9", "198.51.100.7", "203.0.113.0/24"),  # whoever is no proxy may claim nothing
    ("10.0.0.1", "198.51.100.7", "198.51.100.0/24"),
    ("10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.0/24"),  # its own claim stands in front
    ("10.0.0.1", "198.51.100.7, 10.9.9.9", "198.51.100.0/24"),
    ("10.0.0.1", "nonsense", "10.0.0.0/24"),
    ("10.0.0.1", "", "10.0.0.0/24"),
    ("fd00::1", "2001:db8:aa:bb11::1", "2001:db8:aa:bb00::/56"),
    ("::ffff:203.0.113.9", "", "203.0.113.0/24"),
    ("10.0.0.1", "[2001:db8::1]", "2001:db8::/56"),
    ("", "", "unknown"),
]


@pytest.mark.parametrize(("peer", "forwarded", "expected"), NETWORKS)
def test_only_trusted_proxies_say_who_is_behind_them(
    peer: str, forwarded: str, expected: str
) -> None:
    assert expected == client_network(peer, forwarded, PROXIES)


def test_says_what_is_no_network() -> None:
    with pytest.raises(ConfigError, match=r"expected 10\.0\.0\.5 or 10.0.0.0/8"):
        read_networks(["proxy.internal"])


def _sender(network: str = "203.0.113.0/24", agent: str = "Firefox") -> Sender:
    return Sender(agent, network)


def test_the_same_reader_of_the_same_text_is_the_same_voter() -> None:
    voters = Voters(Clock())

    one = voters.voter(_sender(), event(vote=1))
    two = voters.voter(_sender(), event(vote=0, voter="a claim"))

    assert one == two
    assert 32 == len(one)


def test_a_reader_cannot_be_followed() -> None:
    """Another article, revision, query, network, browser or day is another voter."""
    clock = Clock()
    voters = Voters(clock)
    seen = [
        voters.voter(_sender(), event()),
        voters.voter(_sender(), event(article="KB-1")),
        voters.voter(_sender(), event(rev="ffffffffffff")),
        voters.voter(_sender(), event(type="search", query="환불")),
        voters.voter(_sender(), event(type="search", query="배송")),
        voters.voter(_sender("198.51.100.0/24"), event()),
        voters.voter(_sender(agent="Safari"), event()),
    ]
    clock.forward(days=1)
    seen.append(voters.voter(_sender(), event()))
    clock.forward(days=-1)
    seen.append(voters.voter(_sender(), event()))  # the old key is gone for good

    assert len(seen) == len(set(seen))


def test_a_key_file_outlives_a_restart_and_not_the_day(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "run" / "voters.key"
    first = Voters(clock, key_file=path).voter(_sender(), event())
    old = path.read_bytes()

    assert first == Voters(clock, key_file=path).voter(_sender(), event())
    assert 0o600 == path.stat().st_mode & 0o777

    clock.forward(days=1)
    assert first != Voters(clock, key_file=path).voter(_sender(), event())
    assert old[11:] not in path.read_bytes()
    assert len(old) == path.stat().st_size


def test_several_collectors_that_begin_a_day_at_once_share_one_key(tmp_path: Path) -> None:
    """Each has made a key of its own before it looks into the file."""
    everybody = threading.Barrier(8)

    def random(count: int) -> bytes:
        everybody.wait(30)
        return os.urandom(count)

    def collect(_: int) -> str:
        voters = Voters(Clock(), key_file=tmp_path / "voters.key", random=random)
        return voters.voter(_sender(), event())

    with ThreadPoolExecutor(8) as pool:
        assert 1 == len(set(pool.map(collect, range(8))))


def test_a_collector_whose_clock_is_ahead_takes_no_key_away(tmp_path: Path) -> None:
    late, early = Clock(), Clock()
    early.forward(days=1)
    path = tmp_path / "voters.key"
    first = Voters(late, key_file=path).voter(_sender(), event())
    tomorrow = Voters(early, key_file=path).voter(_sender(), event())

    restarted = Voters(late, key_file=path)
    assert first != tomorrow == restarted.voter(_sender(), event())
    late.forward(days=1)
    assert tomorrow == restarted.voter(_sender(), event())


@pytest.mark.parametrize("content", [b"2026-11-01 " + b"00" * 32, b"2026-11-05 " + b"00" * 32])
def test_a_key_of_another_day_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "voters.key"
    path.write_bytes(content + b"\n")

    Voters(Clock(), key_file=path).voter(_sender(), event())

    assert path.read_text().startswith("2026-11-03 ")


def test_a_broken_key_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "voters.key"
    path.write_bytes(os.urandom(10))

    Voters(Clock(), key_file=path).voter(_sender(), event())

    assert path.read_text().startswith("2026-11-03 ")


def test_a_key_that_cannot_be_kept_lives_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    voters = Voters(Clock(), key_file=tmp_path / "file" / "voters.key")

    assert voters.voter(_sender(), event()) == voters.voter(_sender(), event())
    assert "key_not_kept file=" in caplog.text


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(1 / 6, 3, clock.seconds)

    assert [True, True, True, False] == [buckets.take("a", 1) for _ in range(4)]
    assert buckets.is_empty("a")
    assert buckets.take("b", 1)
    assert 6 == buckets.wait("a")
    clock.forward(seconds=6)
    assert [True, False] == [buckets.take("a", 1) for _ in range(2)]
    clock.forward(hours=1)
    assert [True, True, True, False] == [buckets.take("a", 1) for _ in range(4)]


def test_more_than_fits_is_taken_once_as_a_debt() -> None:
    clock = Clock()
    buckets = Buckets(1, 10, clock.seconds)

    assert buckets.take("a", 30)
    clock.forward(seconds=20)
    assert not buckets.take("a", 1)
    clock.forward(seconds=1)
    assert buckets.take("a", 1)


def test_a_rate_of_zero_limits_nothing() -> None:
    buckets = Buckets(0, 0, Clock().seconds)

    assert all(buckets.take("a", 100) for _ in range(100))
    assert not buckets.is_empty("a")


def test_forgets_who_was_not_seen_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbgen.events.buckets.MOST_KEYS", 2)
    buckets = Buckets(1, 1, Clock().seconds)

    assert [True, True, True] == [buckets.take(key, 1) for key in "abc"]
    assert [False, False, True] == [buckets.take(key, 1) for key in "cba"]
