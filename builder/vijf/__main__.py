"""`python -m vijf` is the command `vijf`."""

from vijf.cli import main

main()
