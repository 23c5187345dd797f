// How many nodes have a label; nodes of certain runs do not count.
// mode: read
// parameters: runs LIST<STRING>
// columns: nodes INTEGER
// oldest: 5.0
MATCH (n:`<mark>`)
WHERE n.`<marker>` IS NULL OR NOT n.`<marker>` IN $runs
RETURN count(n) AS nodes
