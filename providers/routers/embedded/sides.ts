import type { SideRoutes } from '../../../src/domain/failing-routes.ts';
import http, { type IncomingMessage } from 'node:http';
import type { Counts } from '../../../src/domain/sample.ts';
import type { Route } from '../../../src/ports/router.ts';
import { type Audience, audienceOf } from './cohorts.ts';
import { FailingClients } from './failing-clients.ts';
import { Lane } from './lane.ts';
import { limits } from './limits.ts';
import type { Table } from './protocol.ts';
import { Split } from './split.ts';

/** All of an agent's connections go to one address, so they need no name to be told apart. */
class UpstreamAgent extends http.Agent {
  override getName(): string {
    return 'upstream';
  }
}

/** One routed version: where it is, its connections and its lane. */
export interface Side {
  readonly route: Route;
  readonly agent: http.Agent;
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
    for (const side of before) {
      if (side !== this.stable && side !== this.candidate) dropIdle(side.agent);
    }
    if (this.candidate && this.weight === 0) dropIdle(this.candidate.agent);
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
    const same = sameVersion.find(
      (side) => side?.route.host === route.host && side.route.port === route.port,
    );
    if (same) return same;
    const lane = sameVersion[0]?.lane ?? new Lane(this.failing);
    this.lanes.delete(sha);
    this.lanes.set(sha, lane);
    const agent = new UpstreamAgent({
      keepAlive: true,
      timeout: limits.idleUpstreamMs,
      maxFreeSockets: 1024,
    });
    return { route, agent, lane };
  }

  private forgetOldest(): void {
    for (const [sha, lane] of this.lanes) {
      if (this.lanes.size <= limits.keptVersions) return;
      const routed = lane === this.stable?.lane || lane === this.candidate?.lane;
      if (!routed && lane.underWay.size === 0) this.lanes.delete(sha);
    }
  }
}

function dropIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}
