"""The command line: reads what is asked, calls the package, prints. It computes nothing."""
