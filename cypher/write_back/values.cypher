// Writes a batch of an answer into nodes that exist: properties, labels where a list says so, and the id of the run.
// A null removes the property, so that the same batch can be written again.
// mode: write
// parameters: rows INTEGER, keys LIST<STRING>, values MAP, run STRING
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MATCH (n:`<label>` {`<key>`: $keys[i]})
SET n.`<plain>` = $values.`<plain>`[i]
SET n.`<date>` = date($values.`<date>`[i])
FOREACH (x IN CASE WHEN $values.`<mark>`[i] THEN [n] ELSE [] END | SET x:`<mark>`)
FOREACH (x IN CASE WHEN $values.`<mark>`[i] THEN [] ELSE [n] END | REMOVE x:`<mark>`)
SET n.`<marker>` = $run
RETURN count(n) AS written
