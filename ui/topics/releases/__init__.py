"""What was published when: the releases that can be read, and two of them side by side."""
