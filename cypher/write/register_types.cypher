// Registers relationship types before they are used, for the same reason as property names.
// mode: write
// parameters: types LIST<STRING>
// columns: known INTEGER
// oldest: 5.0
UNWIND $types AS type
CALL db.createRelationshipType(type)
RETURN count(*) AS known
