"""The case of a publication: one edition under its lock, objections to it, and the edition that takes its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from actions.held import Held, Limited
from actions.record import Record
from models import Objection, ObjectionState, Publication, SlaClock
from models.prepared import Prepared
from models.publication_workflow import PUBLICATION_CONSEQUENCES
from models.workflow import Stepped
from models.writes import Writes, values_in
from policies.facts import Facts, publication_facts
from policies.scopes import whole

LOCKED = Prepared(lambda id: whole(Publication).filter(id=id).select_for_update(no_key=True))
OBJECTIONS = Prepared(lambda id: whole(Objection).filter(publication_id=id).order_by("number"))
CLOCKS = Prepared(lambda id: SlaClock.filter(publication_id=id, stopped_at=None))


@dataclass(slots=True)
class PublicationCase(Held):
    """`editions`: those that this turn puts in its place; `objections` by number."""

    CONSEQUENCES: ClassVar = PUBLICATION_CONSEQUENCES

    publication: Publication
    objections: list[Objection]
    clocks: list[SlaClock]
    editions: list[Publication] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    touched: dict[str, SlaClock] = field(default_factory=dict)
    stored: dict[str, tuple[object, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.stored = {row.id: values_in(row) for row in self.rows}

    @property
    def root(self) -> Publication:
        return self.publication

    @property
    def rows(self) -> list[Stepped]:
        return [self.publication, *self.editions]

    @property
    def limited(self) -> Limited:
        return Limited(self.publication.path)

    @property
    def open_objections(self) -> list[Objection]:
        return [one for one in self.objections if one.state == ObjectionState.OPEN]

    @property
    def upheld_objections(self) -> list[Objection]:
        """Those that the present draft does not know of."""
        upheld = (one for one in self.objections if one.state == ObjectionState.UPHELD)
        return [one for one in upheld if one.round == self.publication.round]

    def add_edition(self, edition: Publication) -> None:
        """One that is in the database already, since what it shows refers to it."""
        self.editions.append(edition)
        self.stored[edition.id] = values_in(edition)

    def objection(self, number: int | None) -> Objection | None:
        return next((one for one in self.objections if one.number == number), None)

    def facts(self, about: Stepped | None) -> Facts:
        return publication_facts(self.publication)

    def columns_of_event(self, about: Stepped | None) -> dict[str, object]:
        return {
            "aggregate": "Publication",
            "area_id": self.publication.area_id,
            "path": self.publication.path,
        }

    def owner_of_clock(self, about: Stepped | None) -> dict[str, str | None]:
        return {"publication_id": self.publication.id}

    async def read(self, names: Iterable[str]) -> None:
        """There is no more to it."""

    async def save(self, record: Record) -> None:
        self.publication.due_at = min((one.due_at for one in self.clocks), default=None)
        writes = Writes()
        self.write_rows(writes, record)
        self.write_clocks(writes)
        await writes.send()


async def load_publication_case(id: str) -> PublicationCase | None:
    """Lock the publication, and load what belongs to it; None when there is none."""
    for publication in await LOCKED.rows(id):
        return PublicationCase(publication, await OBJECTIONS.rows(id), await CLOCKS.rows(id))
    return None


async def publication_cases_of(publications: Sequence[Publication]) -> list[PublicationCase]:
    """The cases of these publications, unlocked, in a number of statements that does not grow with theirs."""
    if not publications:
        return []
    ids = [one.id for one in publications]
    objections = await whole(Objection).filter(publication_id__in=ids).order_by("number")
    clocks = await SlaClock.filter(publication_id__in=ids, stopped_at=None)
    return [
        PublicationCase(
            publication,
            [one for one in objections if one.publication_id == publication.id],
            [one for one in clocks if one.publication_id == publication.id],
        )
        for publication in publications
    ]
