"""Whose vote counts, and for which text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kbgen.insights.stream import stream
from kbgen.insights.votes import Tally, tallies, votes
from tests.insights.samples import TODAY, article, ballots, corpus, event

ONE, ENGLISH, TWO = article(1), article(1, "en"), article(2)
SHOP = corpus(ONE, ENGLISH, TWO)


def count(events, among=SHOP):
    return tallies(votes(stream(events, among, TODAY).seen, among))


def test_the_last_choice_of_a_voter_counts():
    """Yes, then no, then yes again: one voter, one yes."""
    events = [event("vote", ONE, vote=choice, voter="a") for choice in (1, 0, 1)]

    assert count(events) == {
        (("KB-0001", "ko"), ONE.rev): Tally(yes=1, votes=1, first=TODAY, last=TODAY)
    }


def test_a_new_text_starts_anew():
    """The same voter on two revisions has two votes, one on each."""
    events = [
        event("vote", ONE, vote=0, voter="a", rev="0" * 12),
        event("vote", ONE, vote=1, voter="a"),
    ]

    found = count(events)

    assert found[("KB-0001", "ko"), "0" * 12].yes == 0
    assert found[("KB-0001", "ko"), ONE.rev].yes == 1


def test_languages_are_judged_apart():
    found = count([*ballots(ONE, 3, 0), *ballots(ENGLISH, 0, 2)])

    assert (found[("KB-0001", "ko"), ONE.rev].votes, found[("KB-0001", "en"), ENGLISH.rev].yes) == (
        3,
        0,
    )


def test_reason_and_comment_follow_their_vote_in_any_order():
    vote = event("vote", ONE, vote=0, voter="a")
    detail = event(
        "detail", ONE, event_id=f"{vote.event_id}.1", reason="outdated", comment="menu has moved"
    )

    for events in ([vote, detail], [detail, vote]):
        (found,) = votes(stream(events, SHOP, TODAY).seen, SHOP)
        assert (found.reason, found.comment) == ("outdated", "menu has moved")
    assert count([vote, detail])[("KB-0001", "ko"), ONE.rev].reasons == {"outdated": 1}


def test_reasons_of_a_yes_are_no_complaints():
    vote = event("vote", ONE, vote=1, voter="a", reason="easy")

    assert count([vote])[("KB-0001", "ko"), ONE.rev].reasons == {}


def test_votes_of_other_tools_go_to_the_text_of_their_day():
    """Without a revision: since the last commit today's text, before it some earlier one."""
    edited = replace(ONE, updated=date(2026, 11, 10))
    shop = corpus(edited)
    events = [*ballots(edited, 1, 0, rev="", day=2), *ballots(edited, 0, 1, rev="", day=30)]

    found = count(events, shop)

    assert found[("KB-0001", "ko"), edited.rev].yes == 1
    assert found[("KB-0001", "ko"), ""].votes == 1


def test_events_of_other_articles_and_other_days_are_left_out_and_counted():
    gone = article(99)
    events = [*ballots(gone, 2, 1), *ballots(ONE, 1, 0, day=-1), *ballots(ONE, 1, 0)]

    found = stream(events, SHOP, TODAY)

    assert (len(found.seen), found.unknown) == (4, 3)
    assert count(events)[("KB-0001", "ko"), ONE.rev].votes == 1


def test_an_unknown_language_means_the_text_that_was_shown():
    """A page without a translation shows the source; an export without a language is only clear
    if there is one text."""
    french = event("vote", ONE, vote=1, lang="fr", rev="f" * 12)
    none = event("vote", TWO, vote=1, lang="", rev="")
    unclear = event("vote", ONE, vote=1, lang="", rev="")
    by_text = event("vote", ENGLISH, vote=1, lang="")

    found = stream([french, none, unclear, by_text], SHOP, TODAY)

    assert [entry.key for entry in found.seen] == [
        ("KB-0001", "ko"),
        ("KB-0002", "ko"),
        None,
        ("KB-0001", "en"),
    ]
