"""What scripts/make_sample_data writes: the plan (customers, parties, referrals), and what follows from it."""
