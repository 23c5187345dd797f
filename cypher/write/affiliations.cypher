// Writes a batch of affiliations: which customer belongs to which group, with what properties.
// mode: write
// parameters: rows INTEGER, first INTEGER, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (c:Customer {id: $values.customer[i]})
MERGE (g:Group {name: $values.group[i]})
MERGE (c)-[n:BELONGS_TO {refgraph_row: $first + i}]->(g)
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
