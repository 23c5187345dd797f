// Names of properties, known to the database before they are used: each takes a transaction of its own when it is new.
// mode: write
// needs: names LIST<STRING>
// gives: known INTEGER
// oldest: 5.0
UNWIND $names AS name
CALL db.createProperty(name)
RETURN count(*) AS known
