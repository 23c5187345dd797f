// Gives affiliations other row numbers, so that the numbers have no gaps.
// mode: write
// parameters: customers LIST<STRING>, numbers LIST<INTEGER>, targets LIST<INTEGER>
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, size($numbers) - 1) AS i
MATCH (:Customer {id: $customers[i]})-[n:BELONGS_TO {refgraph_row: $numbers[i]}]->(:Group)
SET n.refgraph_row = $targets[i]
RETURN count(n) AS written
