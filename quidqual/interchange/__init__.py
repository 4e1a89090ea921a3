"""Foreign formats: read into a study, write out of one."""
