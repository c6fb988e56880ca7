"""Creative drafts in versions and rounds, the client's decision on them, proofs of samples, and what ran."""
