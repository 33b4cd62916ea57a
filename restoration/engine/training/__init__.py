"""How our own networks are made, and can be made again:

    python -m restoration.engine.training NAME --material FOLDER
    python -m restoration.engine.training NAME --export FILE

The same name, material and seed give the same batches in the same order; a training that was interrupted goes on where
its last checkpoint was.
"""
