// Writes orders under given row numbers: new ones, or those that have changed.
// mode: write
// parameters: rows INTEGER, numbers LIST<INTEGER>, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (c:Customer {id: $values.customer[i]})
MERGE (n:Order {refgraph_row: $numbers[i]})
MERGE (c)-[:PLACED]->(n)
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
