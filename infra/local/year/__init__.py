"""Years of the whole system on a virtual clock, and an oracle of its own that checks every moment of them."""
