/**
 * How long a change is given to show a defect before it counts as good, in seconds. 90 days is the waiting time that
 * online just-in-time defect prediction goes by (Cabral et al., "Class imbalance evolution and verification latency in
 * just-in-time software defect prediction", ICSE 2019).
 */
export const waitingTime = 90 * 86_400;
