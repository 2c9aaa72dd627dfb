"""The tests of kbgen.site and of the theme."""
