// Drops a constraint, and with it its index.
// mode: schema
// parameters:
// columns:
// oldest: 5.0
DROP CONSTRAINT `<constraint>` IF EXISTS
