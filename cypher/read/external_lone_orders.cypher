// Nodes that are orders and that no relationship of the type connects with a customer.
// mode: read
// parameters: size INTEGER, odd STRING
// columns: rows INTEGER, text LIST<STRING>
// oldest: 5.0
MATCH (o:`<orders>`)
WHERE true
AND NOT EXISTS { (o)-[:`<type>`]-(:`<label>`) }
WITH collect(o) AS found
UNWIND range(0, size(found) - 1, $size) AS first
WITH found[first..first + $size] AS page
RETURN size(page) AS rows
, [n IN page | coalesce(toStringOrNull(n.`<text>`), CASE WHEN n.`<text>` IS NULL THEN null ELSE $odd END)] AS `<text>`
