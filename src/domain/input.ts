import type { Request } from './command.ts';
import type { Culprit } from './culprit.ts';
import type { EventBody, Failure } from './event.ts';
import type { MeasureReading } from './measure.ts';
import type { Sample } from './sample.ts';

/** What the engine tells the domain; `decide` answers with events. */
export type Input =
  | { kind: 'request'; request: Request }
  /** An effect ended well; `event` is what it gives to the journal. */
  | { kind: 'effect-done'; event: EventBody }
  | { kind: 'effect-failed'; effect: string; failure: Failure }
  | { kind: 'sample'; phase: number; place?: string; sample: Sample }
  | { kind: 'sample-failed'; phase: number; place?: string; reason: string }
  | { kind: 'measure'; phase: number; reading: MeasureReading }
  /** Traffic is back, and the traces were read. */
  | { kind: 'culprit'; effect: string; culprit: Culprit }
  /** A copy of stable that has users does not run any more. */
  | { kind: 'stable-lost'; detail: string }
  /** The router was gone, and runs again with its last routes. */
  | { kind: 'router-revived'; detail: string }
  /** No copy of the candidate runs any more. */
  | { kind: 'candidate-gone'; detail: string }
  /** Nothing happened, but time went on. */
  | {
      kind: 'tick';
      /** What the machine's clock and calendar say, which windows go by; absent: the same as the deployment's own time. */
      wall?: Date;
    }
  /** The router's dead man's switch fired while no conductor was there. */
  | { kind: 'dead-man'; at: string; place?: string };
