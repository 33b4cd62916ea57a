"""Networks: one architecture a file, made by `engine.training`. `registry` names those whose weights are good enough to
be shipped, `weights` loads them."""
