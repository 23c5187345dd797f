// Referrals of the customers between two ids, by whom they were referred; one list a column.
// Properties are taken all at once: the server finds each single one by going through those before it.
// mode: read
// needs: after STRING, until STRING, blank STRING
// gives: referrer LIST<STRING>, referred LIST<STRING>, text LIST<STRING>, date LIST<STRING>, number LIST<FLOAT>, whole LIST<INTEGER>
// oldest: 5.0
MATCH (b:Customer)
WHERE b.id > $after AND b.id <= $until
MATCH (a:Customer)-[n:REFERRED]->(b)
WITH a.id AS referrer, b.id AS referred, properties(n) AS p
RETURN collect(referrer) AS referrer
, collect(referred) AS referred
, collect(coalesce(p.`<text>`, $blank)) AS `<text>`
, collect(coalesce(toString(p.`<date>`), $blank)) AS `<date>`
, collect(coalesce(p.`<number>`, 0.0 / 0.0)) AS `<number>`
, collect(coalesce(p.`<whole>`, -1)) AS `<whole>`
