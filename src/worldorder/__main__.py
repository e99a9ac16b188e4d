"""`python -m worldorder` is the command line."""

from worldorder.cli.main import main

if __name__ == "__main__":
    main()
