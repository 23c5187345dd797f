"""The package refgraph: who brings a company its customers."""
