// Deletes orders by their row numbers; fails if relationships of other programs are attached to one of them.
// mode: write
// parameters: numbers LIST<INTEGER>
// columns: removed INTEGER
// oldest: 5.0
UNWIND $numbers AS number
MATCH (n:Order {refgraph_row: number})
OPTIONAL MATCH (:Customer)-[p:PLACED]->(n)
DELETE p, n
RETURN count(*) AS removed
