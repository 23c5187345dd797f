// Gives orders other row numbers, which are free, so that the numbers have no gaps.
// mode: write
// parameters: customers LIST<STRING>, numbers LIST<INTEGER>, targets LIST<INTEGER>
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, size($numbers) - 1) AS i
MATCH (:Customer {id: $customers[i]})-[:PLACED]->(n:Order {refgraph_row: $numbers[i]})
SET n.refgraph_row = $targets[i]
RETURN count(n) AS written
