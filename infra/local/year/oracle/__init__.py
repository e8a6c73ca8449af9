"""What the design promises, written down a second time: nothing here calls the product's decisions."""
