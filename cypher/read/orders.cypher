// Orders page after page, by their row in the load, with the customer who placed each; one list a column.
// mode: read
// needs: first INTEGER, last INTEGER, blank STRING
// gives: customer LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (n:Order)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
MATCH (c:Customer)-[:PLACED]->(n)
RETURN collect(c.id) AS customer
, collect(coalesce(n.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(n.`<date>`), $blank)) AS `<date>`
, collect(coalesce(n.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(n.`<whole>`, -1)) AS `<whole>`
