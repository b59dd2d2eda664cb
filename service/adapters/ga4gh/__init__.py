"""Phenopackets in, VA-Spec and VRS out."""
