"""``python -m refgraph``: the command line."""

if __name__ == "__main__":
    from refgraph.commands import main

    main()
