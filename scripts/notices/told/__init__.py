"""What a build tells: on the screen, in the report, for machines."""
