"""zizhu: an open laboratory for technological self-reliance."""
