"""Events of readers: their model, their store, the collector, imports and exports."""
