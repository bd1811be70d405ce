"""What acts on the calendar: donors, planner, teams, supply, convoys, access and displacement tracking, each a story."""
