// Orders of a batch; an order is known by its row in the load, since two equal orders are two orders.
// mode: write
// needs: rows INTEGER, first INTEGER, values MAP
// gives: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (c:Customer {id: $values.customer[i]})
MERGE (n:Order {refgraph_row: $first + i})
MERGE (c)-[:PLACED]->(n)
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
