"""Networks: one architecture a file. They are made by `engine.training`; none is used before its weights are good
enough to be shipped."""
