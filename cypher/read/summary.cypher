// Rows of the ledger, the findings or the rejects of a load, between two row numbers.
// properties(n) is read once: the server finds a single property by scanning those before it.
// mode: read
// parameters: first INTEGER, last INTEGER, null_text STRING
// columns: row LIST<INTEGER>, text LIST<STRING>, integer LIST<INTEGER>, list LIST<LIST<STRING>>
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.refgraph_row >= $first AND n.refgraph_row < $last
WITH properties(n) AS p
RETURN collect(p.refgraph_row) AS row
, collect(coalesce(p.`<text>`, $null_text)) AS `<text>`
, collect(coalesce(p.`<integer>`, -1)) AS `<integer>`
, collect(coalesce(p.`<list>`, [])) AS `<list>`
