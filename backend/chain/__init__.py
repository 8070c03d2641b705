"""What is on the chain: JSON-RPC, ABIs, deployments, events."""
