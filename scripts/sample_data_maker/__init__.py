"""The sample data: a plan (customers, parties, referrals) and all that follows from it."""
