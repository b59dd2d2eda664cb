"""HL7 v2 messages of our own making, in the published layouts."""
