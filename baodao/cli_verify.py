"""The commands of `baodao verify`."""

import asyncio

import typer

from actions.score_proof import prove_scores
from baodao.cli_texts import fail
from baodao.command import inside

verify = typer.Typer(no_args_is_help=True, help="Prove that what is published follows from what is kept.")


@verify.callback()
def about() -> None:
    """Of one command Typer would otherwise make the whole program."""


@verify.command()
def scores() -> None:
    """Compute the score of every task again, from scores, ratings and clocks; print how many come to the same."""
    proof = asyncio.run(inside(prove_scores))
    print(f"{proof.scores} scores hold, {proof.locked} of them locked")
    for line in proof.broken:
        print(line)
    if proof.broken:
        fail(f"{len(proof.broken)} do not come to what is kept")
