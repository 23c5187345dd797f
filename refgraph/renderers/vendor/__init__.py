"""Libraries for pages that are explored in a browser, as published; see vendored.toml."""
