// Writes a batch of orders; an order is identified by its row in the load, since two equal orders are two orders.
// mode: write
// parameters: rows INTEGER, first INTEGER, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (c:Customer {id: $values.customer[i]})
MERGE (n:Order {refgraph_row: $first + i})
MERGE (c)-[:PLACED]->(n)
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
