// Customers between two ids, ordered by id; one list per column, with a marker in place of null, which collect() drops.
// properties(n) is read once: the server finds a single property by scanning those before it.
// mode: read
// parameters: after STRING, until STRING, null_text STRING
// columns: id LIST<STRING>, text LIST<STRING>, date LIST<STRING>, float LIST<FLOAT>, integer LIST<INTEGER>, boolean LIST<BOOLEAN>
// oldest: 5.0
MATCH (n:Customer)
WHERE n.id > $after AND n.id <= $until
WITH properties(n) AS p ORDER BY n.id
RETURN collect(p.id) AS id
, collect(coalesce(p.`<text>`, $null_text)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $null_text)) AS `<date>`
, collect(coalesce(p.`<float>`, 0.0 / 0.0)) AS `<float>`
, collect(coalesce(p.`<integer>`, -1)) AS `<integer>`
, collect(coalesce(p.`<boolean>`, false)) AS `<boolean>`
