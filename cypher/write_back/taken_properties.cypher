// How many nodes of a label have each of some properties; nodes of certain runs do not count.
// mode: read
// parameters: runs LIST<STRING>
// columns: nodes INTEGER, plain INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<marker>` IS NULL OR NOT n.`<marker>` IN $runs
RETURN count(n) AS nodes
, count(n.`<plain>`) AS `<plain>`
