"""Actors met before: known again without loading them, as long as nothing about anybody's rights was committed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from models.generations import Moment, generations
from models.kept import Kept, hear
from policies.actor import Actor
from policies.loading import load_by_login, load_stranger
from policies.rules import RuleBook, rules

NOBODY = ""
"""No login; whoever comes without one is met as it."""
MOST = 3_000
"""With what was made of their rights, one takes up to 100 kB."""


async def actor_with_login(login: str, now: datetime) -> Actor | None:
    """With the grants live at `now`; None when nobody signs in with it. Not to be called in a transaction.

    The database is asked each time, but mostly only whether anything changed.
    """
    hear(await MOMENT.now())
    met, life = MET.find(login), MET.life
    if met is not None and met.counts(now):
        return met.actor
    actor = await load_by_login(login, now)
    if actor is not None:
        MET.put(login, _Met(actor, now, rules()), life)
    return actor


async def stranger(now: datetime) -> Actor:
    """Whoever has not signed in, as the rules in force have it. Not to be called in a transaction."""
    hear(await MOMENT.now())
    met, life = MET.find(NOBODY), MET.life
    if met is not None and met.counts(now):
        return met.actor
    actor = await load_stranger()
    MET.put(NOBODY, _Met(actor, now, rules()), life)
    return actor


def the_public() -> Actor:
    """Somebody who has not signed in, by the rules in force in this process: for what is shown to everybody alike."""
    return _public(rules().hash)


@lru_cache(1)
def _public(policy: str) -> Actor:
    return Actor(id=None, policy=policy)


async def still_hold(actors: Iterable[Actor], now: datetime) -> bool:
    """Whether each holds what it was loaded with. Not to be called in a transaction."""
    generations = await MOMENT.now()
    hear(generations)
    return all(actor.holds(generations, now) for actor in actors)


@dataclass(frozen=True, slots=True)
class _Met:
    """An actor, loaded at a moment by that book of rules."""

    actor: Actor
    since: datetime
    book: RuleBook

    def counts(self, now: datetime) -> bool:
        """Unless a grant began or ended with time, or the rules are others."""
        until = self.actor.changes_at
        return self.since <= now and (until is None or now < until) and self.book is rules()


MET: Kept[_Met] = Kept("rights", MOST)
MOMENT = Moment(generations)
