// Nodes of a graph that refgraph did not load, dealt into parts; one list a property, every value as text.
// mode: read
// needs: parts INTEGER, blank STRING
// gives: part INTEGER, text LIST<STRING>
// oldest: 5.0
MATCH (n:`<label>`)
WITH n, toInteger(rand() * $parts) AS part
RETURN part AS part
, collect(coalesce(toStringOrNull(n.`<text>`), $blank)) AS `<text>`
