"""Reports by mail: who asked for which, when it is due, and the mail that leads to it."""
