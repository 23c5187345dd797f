// Types of relationships, known to the database before they are used, as with the names of properties.
// mode: write
// needs: types LIST<STRING>
// gives: known INTEGER
// oldest: 5.0
UNWIND $types AS type
CALL db.createRelationshipType(type)
RETURN count(*) AS known
