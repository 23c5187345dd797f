"""GRAPH -> POSITIONS: where things stand in a picture, as plain numbers in pixels; no ink, no
texts.

Every layout takes a tree in preorder: `parent` int32[n] holds the place of each party's parent, -1
for the root at place 0; parents stand before their children, each subtree is a slice, children come
in drawing order. The page grows rightwards (x, generations) and downwards (y). Texts arrive as
widths.
"""
