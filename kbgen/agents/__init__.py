"""What support agents take from the corpus: replies, macros, look-up for assistants."""
