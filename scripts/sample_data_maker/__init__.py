"""What scripts/make_sample_data writes: members, orders, files."""
