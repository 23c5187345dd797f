// Referrals of these customers, by the referred customer; one list per column.
// properties(n) is read once: the server finds a single property by scanning those before it.
// mode: read
// parameters: ids LIST<STRING>, null_text STRING
// columns: referrer LIST<STRING>, referred LIST<STRING>, text LIST<STRING>, date LIST<STRING>, float LIST<FLOAT>, integer LIST<INTEGER>
// oldest: 5.0
MATCH (b:Customer)
WHERE b.id IN $ids
MATCH (a:Customer)-[n:REFERRED]->(b)
WITH a.id AS referrer, b.id AS referred, properties(n) AS p
RETURN collect(referrer) AS referrer
, collect(referred) AS referred
, collect(coalesce(p.`<text>`, $null_text)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $null_text)) AS `<date>`
, collect(coalesce(p.`<float>`, 0.0 / 0.0)) AS `<float>`
, collect(coalesce(p.`<integer>`, -1)) AS `<integer>`
