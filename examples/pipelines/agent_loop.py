"""An agent that keeps ptrmd as a subprocess: one process for its whole life, a request whenever it needs a solution.

    pip install ../python && python3 agent_loop.py [PTRMD]

The agent here makes easier puzzles of a hard one: it takes what the solver found, gives a part of it away as extra
clues, and asks how few steps are enough. The verifier's confidence decides what to do with an answer: use it, think
longer (a larger budget), or give up. Requests that no longer matter are cancelled.
"""

import asyncio
import sys

from ptrm import Answer, AsyncClient

HARD = ".1...86..4..9..5....3......1...5.3....47.92...6..8...55..8....7.......4..8.61...."
ENOUGH = 0.9


async def ask(client: AsyncClient, puzzle: str, budget: int) -> Answer:
    """Doubles the budget until the answer is trusted."""
    while True:
        answer = await client.solve(puzzle, limits={"max_steps": budget})
        trusted = answer.verified or (answer.confidence or 0) >= ENOUGH
        if trusted or budget >= 2000:
            return answer
        budget *= 2


async def agent(program: "str | None") -> int:
    async with AsyncClient(program=program) as client:
        answer = await ask(client, HARD, budget=8)
        if not answer.solved:
            print("not solved; a person should look at it")
            return 1
        print(f"solved in {answer.steps} steps, confidence {answer.confidence}")
        # Variants side by side: they share the daemon's batch.
        easier = [
            "".join(s if c == "." and (i * 7 + clues) % 10 < clues else c for i, (c, s) in enumerate(zip(HARD, answer.answer)))
            for clues in range(1, 7)
        ]
        for variant in await asyncio.gather(*(ask(client, puzzle, budget=8) for puzzle in easier)):
            print(f"variant: {variant.status} in {variant.steps} steps")
            if variant.solved and variant.answer != answer.answer:
                return 1
        # First come, first served: the loser's search is cancelled in the daemon too.
        racers = [asyncio.ensure_future(client.solve(HARD, seed=seed)) for seed in (1, 2)]
        done, pending = await asyncio.wait(racers, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        print(f"race: {next(iter(done)).result().status}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(agent(sys.argv[1] if len(sys.argv) > 1 else None)))
