"""How dates and numbers are written where Django's own customs are not ours."""
