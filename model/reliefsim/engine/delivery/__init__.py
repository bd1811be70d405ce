"""The services: state tables, the kernel that delivers between events, and what actors ask of them."""
