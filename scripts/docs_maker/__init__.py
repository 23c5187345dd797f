"""Pages of docs/ that are made from the program: command line, columns, metrics, glossary."""
