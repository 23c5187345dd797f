// All property names of the database.
// mode: read
// parameters:
// columns: name STRING
// oldest: 5.0
CALL db.propertyKeys() YIELD propertyKey
RETURN propertyKey AS name
