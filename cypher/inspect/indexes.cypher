// Indexes on one label and one property with their state, and the constraint each belongs to, if any.
// mode: read
// parameters:
// columns: label STRING, property STRING, state STRING, constraint STRING
// oldest: 5.0
SHOW INDEXES YIELD labelsOrTypes, properties, state, owningConstraint
WHERE size(labelsOrTypes) = 1 AND size(properties) = 1
RETURN labelsOrTypes[0] AS label
, properties[0] AS property
, state AS state
, owningConstraint AS constraint
