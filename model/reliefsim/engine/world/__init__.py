"""What chance decides before anybody acts: households, members, needs, and the streams they are drawn from."""
