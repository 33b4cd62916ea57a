import torch

# Clips this small are slower on two threads than on one.
torch.set_num_threads(1)
