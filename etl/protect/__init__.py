"""What is refused or coarsened before anything is stored."""
