"""What is told of a release to whoever is on no page: a text for a mailing list, a feed."""
