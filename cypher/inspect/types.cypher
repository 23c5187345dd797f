// Relationship types of the database, in order.
// mode: read
// parameters:
// columns: type STRING
// oldest: 5.0
CALL db.relationshipTypes() YIELD relationshipType
RETURN relationshipType AS type
ORDER BY type
