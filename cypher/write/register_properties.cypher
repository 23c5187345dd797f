// Registers property names before they are used: a new name costs a transaction of its own.
// mode: write
// parameters: names LIST<STRING>
// columns: known INTEGER
// oldest: 5.0
UNWIND $names AS name
CALL db.createProperty(name)
RETURN count(*) AS known
