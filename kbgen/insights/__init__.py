"""What events say about articles: pure functions of corpus, events and today."""
