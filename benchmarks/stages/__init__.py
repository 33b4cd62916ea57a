"""What each part of a recording's way costs, alone and side by side."""
