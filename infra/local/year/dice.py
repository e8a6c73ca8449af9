"""Dice that can be thrown again: whatever is random in a simulated year follows from a seed and what it is for."""

import random


class Dice(random.Random):
    """Random numbers with a word for chances."""

    def happens(self, share: float) -> bool:
        """True in so large a share of the times, 0 to 1."""
        return self.random() < share

    def how_many(self, on_average: float) -> int:
        """A Poisson number."""
        number, passed = 0, self.expovariate(on_average)
        while passed < 1:
            number, passed = number + 1, passed + self.expovariate(on_average)
        return number
