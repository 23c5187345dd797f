"""scripts/bench: refgraph against its peers, measured fairly.

`graphs` makes the shapes, `peers` the graph objects of other libraries. One file per operation says
how each tool does it. `timing` runs the tools of an operation alternately in one run and compares
their answers; `tables` writes CSV and Markdown; `targets` holds the promised factors. `__main__` is
the command line.
"""
