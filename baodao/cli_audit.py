"""The commands of `baodao audit`."""

import asyncio
from typing import Annotated

import typer

from actions.audit_proof import prove_audit
from baodao.cli_texts import fail
from baodao.command import inside

audit = typer.Typer(no_args_is_help=True, help="Prove that the audit log is whole.")

Head = Annotated[
    str | None,
    typer.Option(help="A head that was printed before: it must still be in the log, or it was cut off."),
]


@audit.command()
def verify(head: Head = None) -> None:
    """Look at every link of the log's chain again; print how many entries hold, and the head to remember."""
    proof = asyncio.run(inside(lambda: prove_audit(head)))
    print(f"{proof.entries} entries hold; head {proof.head}")
    if proof.broken is not None:
        fail(proof.broken)
    if not proof.seen:
        fail("the remembered head is not in the log: it was cut off or written anew")
