// Nodes of a graph that refgraph did not load, in random parts; one list per property, every value as text.
// mode: read
// parameters: parts INTEGER, null_text STRING
// columns: part INTEGER, text LIST<STRING>
// oldest: 5.0
MATCH (n:`<label>`)
WITH n, toInteger(rand() * $parts) AS part
RETURN part AS part
, collect(coalesce(toStringOrNull(n.`<text>`), $null_text)) AS `<text>`
