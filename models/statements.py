"""How many statements a client sent: counted where each of them is offered to the log anyway."""

from logging import Logger


class Statements:
    """In the place of a client's logger."""

    __slots__ = ("_logger", "count")

    def __init__(self, logger: Logger) -> None:
        self._logger, self.count = logger, 0

    def debug(self, message: str, *words: object) -> None:
        self.count += 1
        self._logger.debug(message, *words)
