"""The tests of kbgen."""
