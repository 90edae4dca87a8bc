"""Loading the synthetic province: through the importers and operations, never past them."""
