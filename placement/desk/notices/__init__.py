"""What came of a notice: the way of its people from being chosen to what followed."""
