// Customers of a batch, columns as lists: a map of lists travels quicker than a list of maps.
// A null takes a property away, so that the same batch can be written again.
// mode: write
// needs: rows INTEGER, values MAP
// gives: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MERGE (n:Customer {id: $values.id[i]})
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
