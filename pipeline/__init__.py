"""The order of the work: stages, runs, the engine that carries them."""
