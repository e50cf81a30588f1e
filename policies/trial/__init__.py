"""What rules would do, tried before they are in force: on members, on rows, on past decisions."""
