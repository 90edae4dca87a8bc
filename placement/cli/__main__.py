"""Runs the command line as `python -m placement.cli`."""

from placement.cli import main

main()
