"""What the product decides: pure values and functions, standard library only."""
