"""From files to records (restricted), and from records to a release of protected cells."""
