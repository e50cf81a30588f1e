"""What can be asked about what is published, whom it honours and who is told."""

import strawberry

from resolvers import board as resolve_board
from resolvers import commitments as resolve_commitments
from resolvers import notices as resolve_notices
from resolvers import publications as resolve_publications
from schema.board import Board
from schema.commitments import Commitment
from schema.fields import field
from schema.nodes import MINE, NO_OTHER, PAGED, Connection
from schema.notices import Notice
from schema.publications import Publication


@strawberry.type
class Publicity:
    board: Board | None = field(
        resolve_board.board,
        "What an area has published of a month (公示栏); null for nothing. The one question that needs no token.",
        area="National code of the place that publishes.",
        month="Of the month that this day lies in; of the latest that is published when left out.",
    )
    commitments: Connection[Commitment] | None = field(
        resolve_commitments.commitments,
        "Commitments (承诺) that the caller may read, newest first.",
        area="Only those made to this area or one below it.",
        **PAGED,
    )
    publication: Publication | None = field(
        resolve_publications.publication,
        f"A publication by its id; {MINE}",
        id=f"Id of the publication; {NO_OTHER}",
    )
    publications: Connection[Publication] | None = field(
        resolve_publications.publications,
        "Publications (晒单) that the caller may read, drafted last first; every edition of each.",
        area="Only those of this area or one below it.",
        month="Only those of the month that this day lies in.",
        **PAGED,
    )
    notices: Connection[Notice] | None = field(
        resolve_notices.notices,
        "Notices (通报), by rankings and by hand, newest first, as far as the caller may read them.",
        area="Only those told in this area or below it.",
        **PAGED,
    )
