"""Fields about evaluations and what they come to, and the mutations of other parties than the issuing areas."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions import residents
from actions.given import Given
from actions.other_parties import score_for
from actions.templates_of_area import DIMENSIONS
from actions.weigh import shared_out
from models import Appeal, Area, Evaluation, Member, Party, ResidentLink, Task, TaskScore, Template
from resolvers.changes import Answer, Changed, Said, left_by, made, read
from resolvers.context import Info
from resolvers.later import Later, then
from resolvers.lookups import APPEALS_OF_EVALUATION, RATINGS_OF_TASK
from resolvers.plan import reads
from resolvers.service_accounts import showing_once
from resolvers.steps import of_evaluation

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Score:
    """0–100 for one dimension of the template."""

    dimension: str
    score: int


@dataclass(frozen=True, slots=True)
class Part:
    """`weight` is the template's; `weight_used` and `score` are None for a party that is not heard."""

    party: Party
    weight: int
    weight_used: float | None
    score: float | None


def area(root: Evaluation, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def task(root: Evaluation, info: Info) -> Later[Task | None]:
    return info.context.loaders.tasks.find(root.task_id)


def appeal(root: Evaluation, info: Info) -> Later[Appeal | None]:
    """Whoever reads the evaluation may read it."""
    found = info.context.loaders.grouped(APPEALS_OF_EVALUATION).find(root.id)
    return then(found, lambda rows: next(iter(rows), None))


def appealed_by(root: Appeal, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.appealed_by_id) if root.appealed_by_id else None


def ruled_by(root: Appeal, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.ruled_by_id) if root.ruled_by_id else None


async def scores(root: Evaluation, info: Info) -> list[Score]:
    """In the order of the template, which not every database keeps."""
    score = _of_round(await info.context.loaders.scores_of_task.load(root.task_id), root.round)
    weights: Mapping[str, int] = (await _template(score, info)).weights if score else dict(DIMENSIONS)
    return [Score(code, root.scores[code]) for code in weights if code in root.scores]


def _of_round(found: list[TaskScore], round: int) -> TaskScore | None:
    return next((one for one in found if one.round == round), None)


async def _template(score: TaskScore, info: Info) -> Template:
    found = await info.context.loaders.rows_of(Template).load(score.template_id)
    assert isinstance(found, Template), "everybody may read them, and none is taken away"
    return found


@reads("id", "round")
async def score(root: Task, info: Info) -> TaskScore | None:
    """Of its present round."""
    return _of_round(await info.context.loaders.scores_of_task.load(root.id), root.round)


def total(root: TaskScore) -> float | None:
    return None if root.total is None else root.total / HUNDREDTHS


def locked(root: TaskScore) -> bool:
    return root.lock_id is not None


async def template(root: TaskScore, info: Info) -> Template:
    return await _template(root, info)


async def parts(root: TaskScore, info: Info) -> list[Part]:
    shares = (await _template(root, info)).shares
    used = {} if root.total is None else shared_out(shares, _heard(root))
    return [_part(root, party, weight, used.get(party)) for party, weight in shares.items()]


def _heard(root: TaskScore) -> set[Party]:
    return {Party(name) for name in root.parts}


def _part(root: TaskScore, party: Party, weight: int, used: int | None) -> Part:
    score = root.parts.get(party)
    return Part(
        party,
        weight,
        None if used is None else used / HUNDREDTHS,
        None if score is None else score / HUNDREDTHS,
    )


async def missing(root: TaskScore, info: Info) -> list[Party]:
    return [party for party in (await _template(root, info)).shares if party not in _heard(root)]


def ratings(root: TaskScore, info: Info) -> Later[list[ResidentLink]]:
    """Oldest first; whoever reads the score may read them."""
    rated = info.context.loaders.grouped(RATINGS_OF_TASK).find(root.task_id)
    return then(rated, lambda links: [link for link in links if link.round == root.round])


def _scoring(action: str) -> Answer:
    async def answer(info: Info, said: Said) -> Changed:
        values = read(said)
        id = str(values.pop("task"))
        return await left_by(info, await score_for(info.context.actor, action, id, made(Given, values)))

    return answer


async def adjudicate(info: Info, said: Said) -> Changed:
    """With other scores the appeal succeeds; without any the scores stay."""
    return await of_evaluation("adjust" if said["scores"] else "uphold")(info, said)


appeal_evaluation = of_evaluation("appeal")
ask_resident = showing_once(residents.NewLink, residents.ask_resident)
evaluate_for_town = _scoring("submitTown")
evaluate_for_district = _scoring("submitDistrict")
