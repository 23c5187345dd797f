// Orders between two row numbers of the load, with the id of the customer; one list per column.
// properties(n) is read once: the server finds a single property by scanning those before it.
// mode: read
// parameters: first INTEGER, last INTEGER, null_text STRING
// columns: customer LIST<STRING>, text LIST<STRING>, date LIST<STRING>, float LIST<FLOAT>, integer LIST<INTEGER>
// oldest: 5.0
MATCH (n:Order)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
MATCH (c:Customer)-[:PLACED]->(n)
WITH c.id AS customer, properties(n) AS p
RETURN collect(customer) AS customer
, collect(coalesce(p.`<text>`, $null_text)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $null_text)) AS `<date>`
, collect(coalesce(p.`<float>`, 0.0 / 0.0)) AS `<float>`
, collect(coalesce(p.`<integer>`, -1)) AS `<integer>`
