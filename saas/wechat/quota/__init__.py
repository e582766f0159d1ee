"""What may still go out, to a fan and for an account: asked before each call, told in words."""
