"""scripts/bench: refgraph against its peers, measured fairly.

`graphs` makes the shapes, `peers` the graph objects of other libraries; one file an operation says how each tool does
it; `timing` runs the tools of an operation in turns within one run and compares their answers; `tables` writes CSV and
Markdown; `targets` holds what is promised. `__main__` is the command line.
"""
