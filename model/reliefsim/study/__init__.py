"""Many runs become estimates."""
