// Where a run is in its life.

/** Whether a run in this phase goes on. */
export const isActive = (phase: string): boolean => ["increase", "maintain", "decrease", "shutdown"].includes(phase);
