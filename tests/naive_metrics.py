"""A second reading of the metrics: plain Python over plain rows, as their words say. Nothing of ours is in it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from naive import Naive, Row

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = {"NORMAL": 7 * 24, "KEY": 24, "DIFFICULT": 15 * 24, "EMERGENCY": 2}
Sides = tuple[bool, bool]
Numbers = tuple[int, int]
Seen = dict[tuple[str, str, object], bool]
"""What each reader may read, as far as somebody asked."""
RIGHTS = {"Summons": "summons", "Task": "task", "Evaluation": "evaluation", "FollowUp": "followup"}


def local(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


class Reckoner:
    """Metrics for one reader: a member's id. `end` is the moment as of which everything is told."""

    def __init__(self, rules: Naive, reader: str, first: date, last: date, now: datetime, seen: Seen) -> None:
        self.rules, self.tables, self.reader, self.seen = rules, rules.tables, reader, seen
        self.first, self.last, self.now = first, last, now
        midnight = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
        self.end = min(now, midnight - timedelta(microseconds=1))
        self.told: dict[str, list[Row]] = defaultdict(list)
        for event in self.tables["Event"].values():
            if event["at"] <= self.end:
                self.told[event["aggregate_id"]].append(event)

    def sees(self, model: str, key: object) -> bool:
        asked = self.reader, model, key
        if asked not in self.seen:
            self.seen[asked] = self.rules.allows(self.reader, self.now, (RIGHTS[model], "read"), model, key)
        return self.seen[asked]

    def issued(self) -> list[Row]:
        return [row for row in self.tables["Summons"].values() if self.is_issued(row)]

    def is_issued(self, row: Row) -> bool:
        return (
            bool(row["issued_at"]) and self.first <= local(row["issued_at"]) and row["issued_at"] <= self.end
        )

    @cached_property
    def tasks(self) -> list[Row]:
        return list(self._tasks())

    def _tasks(self) -> Iterator[Row]:
        for row in self.tables["Task"].values():
            of = self.tables["Summons"][row["summons_id"]]
            if self.is_issued(of) and row["created_at"] <= self.end and self.sees("Task", row["id"]):
                yield row

    def times(self, row: Row, *types: str) -> list[datetime]:
        return sorted(event["at"] for event in self.told[row["id"]] if event["type"] in types)

    def rows(self, metric: str) -> dict[str, Sides]:
        """By key, whether the row is in the numerator and in the denominator; only those that are in one."""
        judge: Callable[[Row], Sides] = getattr(self, metric.lower())
        if metric in ("CLOSING", "REOPENED"):
            seen = [row for row in self.issued() if self.sees("Summons", row["id"])]
        elif metric.startswith("FOLLOW"):
            seen = [row for row in self.tables["FollowUp"].values() if self.is_planned(row)]
        elif metric == "SATISFACTION":
            seen = [row for row in self.tables["Evaluation"].values() if self.is_scored(row)]
        else:
            seen = self.tasks
        found = {row["id"]: judge(row) for row in seen}
        return {key: sides for key, sides in found.items() if any(sides)}

    def is_scored(self, row: Row) -> bool:
        of = self.tables["Summons"][self.tables["Task"][row["task_id"]]["summons_id"]]
        if row["voided_at"]:
            return False
        return self.is_issued(of) and row["submitted_at"] <= self.end and self.sees("Evaluation", row["id"])

    def is_planned(self, row: Row) -> bool:
        of = self.tables["Summons"][row["summons_id"]]
        return self.is_issued(of) and row["created_at"] <= self.end and self.sees("FollowUp", row["id"])

    def visited(self, row: Row) -> tuple[datetime | None, bool]:
        """When somebody told of it in its round, if they did by then; and whether the matter was settled, they said."""
        if row["recorded_by_id"] is None or row["ended_at"] > self.end:
            return None, False
        [told] = [
            event
            for event in self.told[row["summons_id"]]
            if event["at"] == row["ended_at"]
            and event["action"] in ("followupConfirmed", "followupPartial", "followupFailed")
        ]
        return told["at"], row["outcome"] == "CONFIRMED"

    def fell_due(self, row: Row) -> bool:
        return self.visited(row)[0] is not None or row["due_at"] <= self.end

    def followed_up(self, row: Row) -> Sides:
        at, _ = self.visited(row)
        return at is not None and at <= row["due_at"], self.fell_due(row)

    def followup_confirmed(self, row: Row) -> Sides:
        at, settled = self.visited(row)
        return settled, at is not None

    def followup_skipped(self, row: Row) -> Sides:
        gone = self.tables["Event"].values()
        skipped = any(
            event["action"] == "followupTimeout"
            and event["summons_id"] == row["summons_id"]
            and event["at"] == row["ended_at"]
            and event["at"] <= self.end
            for event in gone
        )
        return skipped, self.fell_due(row)

    def closing(self, row: Row) -> Sides:
        stood = [
            one
            for one in self.tables["Standing"].values()
            if one["summons_id"] == row["id"] and one["since"] <= self.end
        ]
        if not stood:
            return False, False
        last = max(stood, key=lambda one: (one["since"], one["id"]))
        return last["resolved"], last["resolved"] or bool(last["limit_at"] and last["limit_at"] <= self.end)

    def accepted_on_time(self, row: Row) -> Sides:
        if self.times(row, "task.declined"):
            return False, False
        [clock] = [
            one
            for one in self.tables["SlaClock"].values()
            if one["task_id"] == row["id"] and one["kind"] == "ACCEPT"
        ]
        answers = [
            e for e in self.told[row["id"]] if e["action"] in ("accept", "acceptAndAssign", "deemAccepted")
        ]
        if answers:
            own = answers[0]["action"] != "deemAccepted"
            return own and answers[0]["at"] <= clock["due_at"], True
        gone = self.times(row, "task.withdrawn", "task.reassigned")
        return False, clock["due_at"] <= self.end and not (gone and gone[0] <= clock["due_at"])

    def arrived_on_time(self, row: Row) -> Sides:
        came, missed = self.times(row, "task.checked_in"), self.times(row, "task.no_show")
        visits = [one for one in self.tables["Attendance"].values() if one["task_id"] == row["id"]]
        return bool(came) and not missed and not visits[0]["late"], bool(came or missed)

    def first_feedback(self, row: Row) -> Sides:
        limit = row["created_at"] + timedelta(hours=HOURS[self.tables["Summons"][row["summons_id"]]["tier"]])
        if fed := self.times(row, "task.progressed", "task.resolved"):
            return fed[0] <= limit, True
        gone = self.times(row, "task.withdrawn", "task.reassigned")
        return False, limit <= min([self.end, *gone])

    def satisfaction(self, row: Row) -> Sides:
        of = self.tables["Summons"][row["summons_id"]]
        signed = [
            one["area_id"]
            for one in self.tables["CoIssuer"].values()
            if one["summons_id"] == of["id"] and one["state"] == "SIGNED"
        ]
        evaluated = [e for e in self.told[row["task_id"]] if e["to_state"] == "EVALUATED"]
        ends = [
            e["at"] for e in evaluated if e["from_state"] == "RESOLVED" and e["at"] >= row["submitted_at"]
        ]
        if row["area_id"] not in (of["issuer_id"], *signed) or not ends:
            return False, False
        rulings = [one for one in self.tables["Appeal"].values() if one["evaluation_id"] == row["id"]]
        later = [one for one in rulings if one["ruled_at"] and one["ruled_at"] > self.end]
        scores = later[0]["scores_before"] if later else row["scores"]
        return scores["SATISFACTION"] >= 60, True

    def reopened(self, row: Row) -> Sides:
        again = [e for e in self.told[row["id"]] if e["action"] in ("reopen", "residentReopen")]
        return bool(again), bool(self.times(row, "summons.closed"))

    def whistle(self) -> dict[str, Sides]:
        villages = {
            key: (False, True) for key, row in self.tables["Area"].items() if row["level"] == "VILLAGE"
        }
        summonses = {row["id"]: (True, False) for row in self.issued() if self.sees("Summons", row["id"])}
        return {**villages, **summonses}  # type: ignore[dict-item]  # codes are texts

    def whole(self, metric: str) -> dict[str, Sides]:
        return self.whistle() if metric == "WHISTLE" else self.rows(metric)

    def by(self, grouping: str, metric: str, area: str) -> dict[str, Numbers]:
        """By the key of the group; a row can be in several groups."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        shared = 0
        for key, (counted, due) in self.whole(metric).items():
            if area not in self.places(key):
                continue
            groups = getattr(self, f"{grouping.lower()}s")(key, area)
            shared += due if metric == "WHISTLE" and not groups else 0
            for group in groups:
                found[group] += Counter(n=counted, d=due)
        return {
            group: (sums["n"], sums["d"] + shared) for group, sums in found.items() if sums["n"] + sums["d"]
        }

    def row(self, key: str) -> tuple[str, Row]:
        return next(
            (model, self.tables[model][key]) for model in (*RIGHTS, "Area") if key in self.tables[model]
        )

    def places(self, key: str) -> list[str]:
        """The area itself and all above it."""
        path: str = self.row(key)[1]["path"]
        return path.split(".")[-2::-1]

    def areas(self, key: str, area: str) -> list[str]:
        """The area right below, or the area's own."""
        places = self.places(key)
        index = places.index(area)
        return [places[index - 1] if index else "own"]

    def categorys(self, key: str, area: str) -> list[str]:
        model, row = self.row(key)
        if model == "Area":
            return []
        return [
            row["category"] if model == "Summons" else self.tables["Summons"][row["summons_id"]]["category"]
        ]

    def units(self, key: str, area: str) -> list[str]:
        model, row = self.row(key)
        if model == "Area":
            return []
        if model in ("Task", "Evaluation"):
            return [row["unit_id"]]
        summons = key if model == "Summons" else row["summons_id"]
        return sorted({task["unit_id"] for task in self.tasks if task["summons_id"] == summons})
