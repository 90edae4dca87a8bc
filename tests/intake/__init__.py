"""Files that come in: read, checked and matched without a database."""
