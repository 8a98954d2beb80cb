const strata = 100;

/**
 * Decides which requests go to the candidate. The draw is stratified: every run of 100 requests takes one random
 * point from each hundredth of [0, 1) in random order. So a share is exact to one request in a hundred, and no
 * pattern in the traffic (every twentieth request a checkout) can line up with it.
 */
export class Split {
  private readonly deck = Uint8Array.from({ length: strata }, (_, i) => i);
  private next = strata;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Whether the next request goes to the candidate, whose share is `weight` percent. */
  takesCandidate(weight: number): boolean {
    if (weight <= 0) return false;
    if (weight >= 100) return true;
    if (this.next >= strata) this.shuffle();
    const stratum = this.deck[this.next++] ?? 0;
    return stratum + this.random() < weight;
  }

  private shuffle(): void {
    const { deck } = this;
    for (let i = strata - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      const held = deck[i] ?? 0;
      deck[i] = deck[j] ?? 0;
      deck[j] = held;
    }
    this.next = 0;
  }
}
