// All affiliations of the customers between two ids; one list per column.
// properties(n) is read once: the server finds a single property by scanning those before it.
// mode: read
// parameters: after STRING, until STRING, null_text STRING
// columns: customer LIST<STRING>, group LIST<STRING>, text LIST<STRING>, date LIST<STRING>, float LIST<FLOAT>, integer LIST<INTEGER>
// oldest: 5.0
MATCH (c:Customer)
WHERE c.id > $after AND c.id <= $until
MATCH (c)-[n:BELONGS_TO]->(g:Group)
WITH c.id AS customer, g.name AS group, properties(n) AS p
RETURN collect(customer) AS customer
, collect(group) AS group
, collect(coalesce(p.`<text>`, $null_text)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $null_text)) AS `<date>`
, collect(coalesce(p.`<float>`, 0.0 / 0.0)) AS `<float>`
, collect(coalesce(p.`<integer>`, -1)) AS `<integer>`
