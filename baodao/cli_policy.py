"""The commands of `baodao policy`: the rules looked at, tried out and changed by whoever has the database.

Reading needs nobody's leave here; changing goes the way of the API: in a member's name, by two people, and audited.
"""

import asyncio
import csv
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from tortoise.models import Model

from actions.once import Done
from actions.policies import (
    NewPolicy,
    PolicyStep,
    Rollback,
    draft_policy,
    propose_policy,
    publish_policy,
    request_rollback,
    roll_back,
    seat_of_rules,
)
from baodao.cli_shown import show_changes, show_replay, show_table, show_touched
from baodao.cli_texts import book_of, fail, is_number, sound_text, stored_text
from baodao.command import inside
from models import Member, NotFound, PolicyState, PolicyVersion, Summons, clock
from models.reasons import REASONS
from policies.actor import Actor
from policies.book import RuleBook
from policies.explain import who_can
from policies.loading import keep_up, load_actor
from policies.reading.comparison import MatrixCell, compare, matrix
from policies.rules import read_text, rules
from policies.scopes import whole
from policies.trial.simulation import LONGEST_REPLAY, Simulation, simulate
from resolvers.ids import TYPES, decoded
from resolvers.rules import Explanation, answer, question_about

policies = typer.Typer(no_args_is_help=True, help="Look at the rules, try changes of them out, change them.")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The rules as CSV, in UTF-8.")]
As = Annotated[str, typer.Option("--as", help="Login of the member in whose name it is done.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the version and in the audit log.")]
Number = Annotated[int, typer.Argument(min=1, help="Number of a version, as `versions` lists it.")]


@policies.command("matrix")
def show_matrix(
    role: Annotated[str | None, typer.Option(help="Only this role.")] = None,
    type: Annotated[str | None, typer.Option(help="Only this type of object, such as summons.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV instead of a table.")] = False,
) -> None:
    """Show what each role may do by the rules in force, inherited rules among them."""
    cells = matrix(asyncio.run(inside(_in_force)), role=role, type=type)
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([MatrixCell._fields, *cells])
    else:
        show_table("", MatrixCell._fields, cells)


@policies.command()
def check(file: File) -> None:
    """Look a text of rules over, without a database: every fault at once, each as file:line:column."""
    sound_text(file)
    print(f"{file} can be published.")


@policies.command()
def diff(
    before: Annotated[str, typer.Argument(help="A file, or the number of a version.")],
    after: Annotated[str, typer.Argument(help="A file, or the number of a version.")],
) -> None:
    """Show what changes from one text of rules to another."""
    show_changes(compare(book_of(before), book_of(after)))


@policies.command()
def export(
    version: Annotated[
        int | None, typer.Option(min=1, help="Number of a version; else that in force.")
    ] = None,
) -> None:
    """Print the rules to the letter."""
    text = asyncio.run(inside(lambda: stored_text(version)))
    sys.stdout.buffer.write(text.encode())


@policies.command("import")
def bring_in(file: File, as_: As, reason: Reason) -> None:
    """Store a text of rules and propose it, for somebody else to publish."""
    text = sound_text(file)
    done = asyncio.run(inside(lambda: _propose(as_, NewPolicy(text, reason))))
    print(
        f"{done.object_id} is proposed. To publish it: baodao policy publish {done.object_id} --as … --reason …"
    )


@policies.command("simulate")
def try_out(
    file: File,
    days: Annotated[
        int, typer.Option(min=0, max=LONGEST_REPLAY, help="Days of decisions to decide again.")
    ] = 30,
) -> None:
    """Show what a text of rules would change if it were in force, for whom, and on how many objects."""
    text = sound_text(file)
    outcome, names = asyncio.run(inside(lambda: _simulate(read_text(text), days)))
    show_changes(outcome.changes)
    show_touched(outcome)
    show_replay(outcome.replay, names)
    if outcome.locked_out:
        fail(*(REASONS[code][0] for code in outcome.locked_out))


@policies.command()
def publish(
    version: Annotated[str, typer.Argument(help="Id of a proposal, as `versions` lists it, or a number.")],
    as_: As,
    reason: Reason,
) -> None:
    """Put a proposal in force; never in the name of whoever wrote it."""
    number = asyncio.run(inside(lambda: _publish(version, as_, reason)))
    print(f"Version {number} is in force.")


@policies.command()
def rollback(
    number: Number,
    as_: As,
    reason: Reason,
    propose: Annotated[
        bool, typer.Option("--propose", help="Only propose it, for another to publish.")
    ] = False,
) -> None:
    """Put the text of an earlier version in force again, as a new version."""
    back = Rollback(number, reason)
    state = asyncio.run(inside(lambda: _roll_back(as_, back, propose)))
    print(state)


@policies.command()
def versions() -> None:
    """List the versions of the rules, the newest first."""
    columns = ("number", "state", "id", "author", "publisher", "published", "hash", "reason")
    show_table("", columns, asyncio.run(inside(_versions)))


class Language(StrEnum):
    """What `why` can speak."""

    EN = "en"
    ZH = "zh"


Action = Annotated[str, typer.Argument(help="An action of the object, such as accept or read.")]
Id = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the object, as the API gives it, or a summons's number.")
]


@policies.command()
def why(
    login: Annotated[str, typer.Argument(help="About whom.")],
    action: Action,
    object: Id,
    language: Annotated[Language, typer.Option(help="Of the sentences.")] = Language.EN,
) -> None:
    """Explain why somebody may, or may not, do something to an object now."""
    told = asyncio.run(inside(lambda: _explain(login, action, object, language)))
    print("yes" if told.allowed else f"no: {told.reason_code}")
    for line in (*told.reasons, *told.rules):
        print(f"  {line}")


@policies.command()
def who(action: Action, object: Id) -> None:
    """List who may do something to an object by the rules."""
    show_table("", ("login", "name"), asyncio.run(inside(lambda: _able(action, object))))


async def _explain(login: str, action: str, object: str, language: Language) -> Explanation:
    actor = await _actor(login, "login")
    return await answer(await question_about(await _row(object), action), actor, language)


async def _able(action: str, object: str) -> list[tuple[object, ...]]:
    await _in_force()
    asked = await question_about(await _row(object), action)
    able = await who_can(asked.type, asked.right, asked.facts, clock.now())
    return await able.order_by("name", "id").values_list("login", "name")


async def _row(id: str) -> Model:
    """NotFound, or InvalidInput MALFORMED_ID."""
    summons = await whole(Summons).get_or_none(number=id)
    if summons is not None:
        return summons
    type, key = decoded(id, "ID")
    row = await TYPES[type].get_or_none(pk=key)
    if row is None:
        raise NotFound(type, "ID")
    return row


async def _in_force() -> RuleBook:
    published = await whole(PolicyVersion).get(state=PolicyState.PUBLISHED)
    await keep_up(published.hash)
    return rules()


async def _simulate(after: RuleBook, days: int) -> tuple[Simulation, dict[str, str]]:
    """And by id the names of those whom the replay tells of."""
    before = await _in_force()
    outcome = await simulate(before, after, clock.now(), seat=await seat_of_rules(), days=days)
    told = await whole(Member).filter(id__in=[one.member_id for one in outcome.replay.examples])
    return outcome, {member.id: member.name for member in told}


async def _actor(login: str, said_as: str = "--as") -> Actor:
    """NotFound for those who are disabled, too."""
    member = await whole(Member).get_or_none(login=login, disabled_at__isnull=True)
    if member is None:
        raise NotFound("Member", said_as)
    return await load_actor(member, clock.now())


async def _propose(login: str, new: NewPolicy) -> Done:
    actor = await _actor(login)
    drafted = await draft_policy(actor, new)
    return await propose_policy(actor, PolicyStep(drafted.object_id))


async def _publish(version: str, login: str, reason: str) -> int | None:
    key = {"number": int(version)} if is_number(version) else {"id": version}
    policy = await whole(PolicyVersion).get_or_none(**key)
    if policy is None:
        raise NotFound("PolicyVersion", "version")
    await publish_policy(await _actor(login), PolicyStep(policy.id, reason))
    return (await whole(PolicyVersion).get(id=policy.id)).number


async def _roll_back(login: str, back: Rollback, propose: bool) -> str:
    done = await (request_rollback if propose else roll_back)(await _actor(login), back)
    policy = await whole(PolicyVersion).get(id=done.object_id)
    return f"{policy.id} is proposed." if propose else f"Version {policy.number} is in force."


async def _versions() -> list[tuple[object, ...]]:
    found = await whole(PolicyVersion).order_by("-created_at", "-id").select_related("author", "publisher")
    return [
        (
            one.number or "",
            one.state,
            one.id,
            one.author.login if one.author else "",
            one.publisher.login if one.publisher else "",
            f"{one.published_at:%Y-%m-%d %H:%MZ}" if one.published_at else "",
            one.hash[:12],
            one.reason,
        )
        for one in found
    ]
