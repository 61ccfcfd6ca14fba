"""How somebody comes into the desk: with a passkey, or with a password and a second step."""
