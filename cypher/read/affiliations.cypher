// All affiliations of the customers between two ids; one list a column.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: after STRING, until STRING, blank STRING
// gives: customer LIST<STRING>, group LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (c:Customer)
WHERE c.id > $after AND c.id <= $until
MATCH (c)-[n:BELONGS_TO]->(g:Group)
WITH c.id AS customer, g.name AS group, properties(n) AS p
RETURN collect(customer) AS customer
, collect(group) AS group
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $blank)) AS `<date>`
, collect(coalesce(p.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
