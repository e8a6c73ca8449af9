"""What the product does: one public function per use case, ports as keyword arguments."""
