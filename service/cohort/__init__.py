"""Files of cases: opened here, understood by the adapters."""
