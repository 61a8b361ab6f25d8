"""What a release that is made of releases says of its parts."""
