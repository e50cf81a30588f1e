"""Watching the compiled rules at work: a share of all decisions is asked of Casbin again, beside the requests."""

import logging
from dataclasses import fields
from queue import Empty, Full, Queue
from random import random
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple

from policies.actor import Actor
from policies.compile import Scope
from policies.facts import Facts
from policies.reference import enforce_by

WAITING = 1_000
"""Decisions that can wait to be asked again; what comes on top is dropped."""

REST = 9
"""After each question the thread sleeps so many times as long as it took: requests come first."""

log = logging.getLogger(__name__)


class Sample(NamedTuple):
    """A decision as it was taken, with the rules it was taken by."""

    actor: Actor
    type: str
    action: str
    facts: Facts
    scope: Scope
    allowed: bool


class Verified(NamedTuple):
    """Decisions asked again, those of them where Casbin said otherwise (or failed), and those there was no time for."""

    asked: int
    differing: int
    dropped: int


class Watch:
    """A queue, and the thread that empties it."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.asked = self.differing = self.dropped = 0
        self._samples: Queue[Sample] = Queue(WAITING)
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="verify", daemon=True)
        self._thread.start()

    def note(self, sample: Sample) -> None:
        """Keep the share of them. Timers are not asked about: no rule speaks of them."""
        if sample.actor.system or random() >= self.share:
            return
        try:
            self._samples.put_nowait(sample)
        except Full:
            self.dropped += 1

    def stop(self) -> None:
        """After the question at hand; those still waiting are dropped."""
        self._stopped.set()
        self._thread.join()
        self.dropped += self._samples.qsize()

    def counts(self) -> Verified:
        return Verified(self.asked, self.differing, self.dropped)

    def settle(self) -> None:
        """Wait until every decision kept so far was asked."""
        self._samples.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                sample = self._samples.get(timeout=0.2)
            except Empty:
                continue
            began = perf_counter()
            self._ask(sample)
            self._samples.task_done()
            self._stopped.wait(REST * (perf_counter() - began))

    def _ask(self, sample: Sample) -> None:
        self.asked += 1
        try:
            answer: object = enforce_by(sample.scope.text, *_question(sample))
        except Exception as broken:  # whatever it is, the thread must outlive it and somebody must read of it
            answer = repr(broken)
        if answer is not sample.allowed:
            self.differing += 1
            log.error("Casbin says otherwise: %s", _told(sample, answer))


def _question(sample: Sample) -> tuple[Actor, Facts, str, str]:
    return sample.actor, sample.facts, sample.type, sample.action


def _told(sample: Sample, answer: object) -> dict[str, object]:
    """Ids and places, never names: this goes to the log."""
    grounds = (*sample.scope.grounds, *sample.scope.bans)
    known = {field.name: getattr(sample.facts, field.name) for field in fields(sample.facts)}
    return {
        "type": sample.type,
        "action": sample.action,
        "actor": sample.actor.id,
        "holds": [f"{grant.role} at {grant.level} {grant.path}" for grant in sample.actor.grants],
        "compiled": sample.allowed,
        "casbin": answer,
        "rules": [str(ground.rule) for ground in grounds],
        "facts": {name: value for name, value in known.items() if value not in (None, False, ())},
    }


watch: Watch | None = None
"""None when off, which is all that a decision then looks at."""


def start(share: float) -> None:
    """Ask this share (0 to 1) of all decisions of the process again; 0 is off."""
    global watch
    watch = Watch(share) if share else None


def stop() -> None:
    """Tell the counts in the log, and be off."""
    global watch
    if watch is not None:
        watch.stop()
        # A warning, for what is less is shown nowhere unless somebody configures logging.
        log.warning("decisions asked of Casbin again: %s", watch.counts())
        watch = None


def verified() -> Verified:
    """Since the start; nothing but 0 when off."""
    return watch.counts() if watch is not None else Verified(0, 0, 0)
