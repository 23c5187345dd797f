// Names of properties that the database has ever used, in order.
// mode: read
// parameters:
// columns: name STRING
// oldest: 5.0
CALL db.propertyKeys() YIELD propertyKey
RETURN propertyKey AS name
ORDER BY name
