"""What published tables call things: final uses, units, sectors and value added."""
