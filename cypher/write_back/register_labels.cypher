// Registers labels before they are used, for the same reason as property names.
// mode: write
// parameters: labels LIST<STRING>
// columns: known INTEGER
// oldest: 5.0
UNWIND $labels AS label
CALL db.createLabel(label)
RETURN count(*) AS known
