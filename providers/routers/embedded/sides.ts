import type { IncomingMessage } from 'node:http';
import type { SideRoutes } from '../../../src/domain/failing-routes.ts';
import type { Counts } from '../../../src/domain/sample.ts';
import type { Route } from '../../../src/ports/router.ts';
import { type Audience, audienceOf } from './cohorts.ts';
import { addressOf, Copies, Copy } from './copies.ts';
import { FailingClients } from './failing-clients.ts';
import { Lane } from './lane.ts';
import { limits } from './limits.ts';
import type { Table } from './protocol.ts';
import { Split } from './split.ts';

/** One routed version: where its copies are, and its lane, which is the same however the copies change. */
export interface Side {
  readonly route: Route;
  readonly copies: Copies;
  readonly lane: Lane;
}

/** The table as requests meet it: which version takes the next one, and what each version did so far. */
export class Sides {
  stable: Side | null = null;
  candidate: Side | null = null;
  private weight = 0;
  private audience: Audience | undefined;
  private readonly lanes = new Map<string, Lane>();
  private readonly split: Split;
  private readonly failing: FailingClients;

  constructor(split = new Split(), failing = new FailingClients()) {
    this.split = split;
    this.failing = failing;
  }

  /** Puts a table in force for the next request. A version that was behind the proxy keeps its counts; others start anew. */
  use(table: Table): void {
    const before = [this.stable, this.candidate].filter((side) => side !== null);
    this.stable = this.sideFor(table.stable, before);
    this.candidate = this.sideFor(table.candidate, before);
    this.weight = table.weight;
    this.audience = audienceOf(table);
    const taking = this.weight === 0 ? [this.stable] : [this.stable, this.candidate];
    const busy = new Set(taking.flatMap((side) => side?.copies.all ?? []));
    for (const side of [...before, this.candidate])
      for (const copy of side?.copies.all ?? []) if (!busy.has(copy)) copy.dropIdle();
    this.forgetOldest();
  }

  /** The side that takes this request, the next; null when none serves. */
  pick(request: IncomingMessage): Side | null {
    const { candidate, stable, audience } = this;
    if (!candidate) return stable;
    if (!audience) return this.split.takesCandidate(this.weight) ? candidate : stable;
    const draw = () => this.split.takesCandidate(this.weight);
    return audience.sideOf(request, draw) === 'candidate' ? candidate : stable;
  }

  /** An answer's headers, flat, with what keeps a visitor on the side that gave it; as they are where no side is kept. */
  marked(request: IncomingMessage, side: Side | null, headers: string[]): string[] {
    const { audience } = this;
    if (!audience || !side) return headers;
    const name = side === this.candidate ? 'candidate' : side === this.stable ? 'stable' : undefined;
    return name ? [...headers, ...audience.marks(request, name, headers)] : headers;
  }

  counts(): Record<string, Counts> {
    return Object.fromEntries([...this.lanes].map(([sha, lane]) => [sha, lane.counts()]));
  }

  routes(): Record<string, SideRoutes> {
    return Object.fromEntries([...this.lanes].map(([sha, lane]) => [sha, lane.routes()]));
  }

  lane(sha: string): Lane | undefined {
    return this.lanes.get(sha);
  }

  allLanes(): Iterable<[sha: string, lane: Lane]> {
    return this.lanes;
  }

  private sideFor(route: Route | null, before: readonly Side[]): Side | null {
    if (!route) return null;
    const { sha } = route.version;
    const sameVersion = [...before, this.stable].filter((side) => side?.route.version.sha === sha);
    const places = [route, ...(route.others ?? [])];
    const names = places.map(addressOf).join(' ');
    const same = sameVersion.find((side) => side?.copies.all.map(({ at }) => at).join(' ') === names);
    if (same) return same;
    const known = sameVersion.flatMap((side) => side?.copies.all ?? []);
    const copies = places.map((place) => known.find(({ at }) => at === addressOf(place)) ?? new Copy(place));
    const lane = sameVersion[0]?.lane ?? new Lane(this.failing);
    this.lanes.delete(sha);
    this.lanes.set(sha, lane);
    return { route, copies: new Copies(copies), lane };
  }

  private forgetOldest(): void {
    for (const [sha, lane] of this.lanes) {
      if (this.lanes.size <= limits.keptVersions) return;
      const routed = lane === this.stable?.lane || lane === this.candidate?.lane;
      if (!routed && lane.underWay.size === 0) this.lanes.delete(sha);
    }
  }
}
