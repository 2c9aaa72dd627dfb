"""Links to other sites: which there are, whether they still lead somewhere, what is known of it."""
