// Nodes of a graph that refgraph did not load, in lists of a given size, every value as text; $odd stands for lists and points.
// The server holds references to the nodes of a range, and the values of one list. other: labels read before this one.
// range: the indexed property of a range. rest: the same property, for nodes that no range holds.
// mode: read
// parameters: after ANY, until ANY, size INTEGER, odd STRING
// columns: rows INTEGER, text LIST<STRING>
// oldest: 5.0
MATCH (n:`<label>`)
WHERE true
AND NOT n:`<other>`
AND n.`<range>` > $after AND n.`<range>` <= $until
AND NOT coalesce(n.`<rest>` > '', n.`<rest>` > -1.0 / 0.0, false)
WITH collect(n) AS found
UNWIND range(0, size(found) - 1, $size) AS first
WITH found[first..first + $size] AS page
RETURN size(page) AS rows
, [n IN page | coalesce(toStringOrNull(n.`<text>`), CASE WHEN n.`<text>` IS NULL THEN null ELSE $odd END)] AS `<text>`
