"""What all tests share. This file also puts its folder on the import path, for `strategies`."""
