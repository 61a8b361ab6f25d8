"""The made-up people, their attributes and referrals."""
