"""The figures of the running service, in Prometheus' terms: each is defined here, and written where it is counted.

None of them tells of a person, and every label comes from the schema or the code, never from what a client sends.
What is not counted but looked up is in `baodao.looks`; who may read them in `baodao.scrape`.
"""

import os
from dataclasses import dataclass

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from resolvers import noted

REGISTRY = CollectorRegistry()
FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
"""Where several workers keep their figures, each in files of its own; None when this is the only process."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # the process tells when it began


def counter(name: str, words: str, *labels: str) -> Counter:
    return Counter(f"baodao_{name}", words, labels, registry=REGISTRY)


def summed(name: str, words: str, *labels: str) -> Gauge:
    """Told as the sum over all workers that are alive."""
    return Gauge(f"baodao_{name}", words, labels, registry=REGISTRY, multiprocess_mode="livesum")


def worst(name: str, words: str, *labels: str) -> Gauge:
    """Told as the greatest of all workers that are alive."""
    return Gauge(f"baodao_{name}", words, labels, registry=REGISTRY, multiprocess_mode="livemax")


def latest(name: str, words: str, *labels: str) -> Gauge:
    """Told as whichever worker wrote it last: for what is the same in all of them."""
    return Gauge(f"baodao_{name}", words, labels, registry=REGISTRY, multiprocess_mode="mostrecent")


REQUESTS = Histogram(
    "baodao_request_seconds",
    "Requests over HTTP, and queries and mutations over sockets, and how long each took. `kind`: query, mutation, "
    "subscription, unknown (no valid document) or other (no GraphQL); `field`: the one root field that was asked for, "
    "or several; `status`: 2xx, 3xx, 4xx, 5xx.",
    ["kind", "field", "status"],
    buckets=SECONDS,
    registry=REGISTRY,
)
MUTATIONS = counter(
    "mutations", "Mutations that ended, by name and outcome: done, refused, failed.", "name", "outcome"
)
REFUSALS = counter(
    "refusals", "Problems and errors as clients get them, by code and reason code.", "code", "reason_code"
)

SOCKETS = summed("sockets", "WebSockets at which somebody signed in sits.")
OPERATIONS = summed("socket_operations", "Operations under way on sockets; nearly all are subscriptions.")
GROUPS = summed("stream_groups", "Groups of subscribers who are alike and share one reader of the log.")
LISTENERS = summed("stream_listeners", "Subscribers in those groups.")
WAITING = worst("stream_waiting", "Messages that wait for the slowest of those sockets.")
LAG = worst("stream_lag_events", "Positions of the log between its head and the subscriber told least of it.")
LAG_SECONDS = worst(
    "stream_lag_seconds", "Age of the oldest event that some subscriber was not told of; 0: none."
)
MESSAGES = counter("socket_messages", "Messages sent over sockets and in streams of events.")
SLOW = counter("slow_sockets_closed", "Sockets closed because too many messages waited for them.")

ANSWERS = counter(
    "answers", "Answers that can be kept: found in the memory (kept) or made anew (made).", "from"
)
ANSWERS_BYTES = summed("answers_bytes", "Memory that kept answers take.")
STATEMENTS = counter("statements", "Statements sent to the database.")
POOL = summed(
    "pool_connections", "Connections to PostgreSQL by state: open, busy; none with SQLite.", "state"
)

TICKS = counter("ticks", "Rounds of the timers by outcome: done, failed.", "outcome")
STEPS = counter(
    "timer_steps", "What the timers did by outcome: steps taken; failed, to be tried again.", "outcome"
)
TICK_AT = latest("last_tick_timestamp_seconds", "When the timers' last round ended, since 1970.")
TICK_SECONDS = latest("last_tick_seconds", "How long the timers' last round took.")

DATABASE = latest("database_up", "1 when the database answered this scrape's questions in time, else 0.")
CLOCKS_DUE = latest("clocks_due", "Clocks that are due: the next round of the timers takes them.")
CLOCKS_OVERDUE = latest(
    "clocks_overdue", "Clocks due for more than ten seconds, so that some rounds missed them."
)
ORPHANS = latest(
    "orphans", "Live tasks without the clock that must watch them: always 0, else it is a fault."
)
DELIVERIES = latest(
    "webhook_deliveries", "Events that webhooks did not take: waiting for the next attempt, or dead.", "state"
)
WEBHOOK_LAG = latest(
    "webhook_lag_events", "Events of its own that the active webhook furthest behind has to read yet."
)
WEBHOOK_LAG_SECONDS = latest(
    "webhook_lag_seconds", "Age of the oldest event that waits for an attempt or to be read; 0: none."
)
LOG_HEAD = latest("log_head", "The last position of the event log.")
UNPLACED = latest("unplaced_events", "Committed events without a position yet; without a sequencer none.")
POLICY = latest("policy_version", "Number of the rules in force.")


@dataclass(slots=True)
class Carried:
    """A counter brought up to a number that is counted elsewhere, where counting must cost nothing."""

    counter: Counter
    known: int = 0

    def up_to(self, number: int) -> None:
        """A smaller number than before is counted from 0: it is another one's."""
        self.counter.inc(number - self.known if number >= self.known else number)
        self.known = number


def _count_mutation(name: str, outcome: str) -> None:
    MUTATIONS.labels(name, outcome).inc()


def count_refusal(code: str, reason_code: str = "") -> None:
    REFUSALS.labels(code, reason_code).inc()


noted.MUTATIONS.append(_count_mutation)
noted.REFUSALS.append(count_refusal)
