// Writes a batch of customers, columns as lists: a map of lists is sent faster than a list of maps.
// A null removes the property, so that the same batch can be written again.
// mode: write
// parameters: rows INTEGER, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MERGE (n:Customer {id: $values.id[i]})
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
RETURN count(n) AS written
