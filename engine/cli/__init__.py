"""The command line: the same engine, packages and jobs as the studio, one file per verb, without Qt."""
