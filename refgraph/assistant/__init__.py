"""One SOURCE for assistants: every analysis is a tool of the Model Context Protocol, read-only."""
