import type { MeasurePlan, SideReading } from '../domain/measure.ts';
import type { RawReading } from '../domain/measure-reading.ts';
import type { MeasureContext } from '../domain/placeholders.ts';

export interface MeasureRequest {
  measure: MeasurePlan;
  context: MeasureContext;
  /** Aborted when nobody waits for the answer any more, or its time is over. */
  signal: AbortSignal;
  /** The value of a variable of the machine; it is kept out of every reason. Throws when it is not set. */
  secret: (name: string) => string;
}

/** One way to get a number: a Prometheus server, an address, a program. A file each. */
export interface MeasureSource {
  /** The number as it was given, unbelieved; `value: undefined` where there is none. Throws what prevented it. */
  read(request: MeasureRequest): Promise<RawReading>;
}

/** The measures of an environment's plan (REQUIREMENTS P10). */
export interface Measures {
  /** One side's number, checked. Never throws and never outlives the measure's time-out: what went wrong is the reading. */
  read(measure: MeasurePlan, context: MeasureContext, signal?: AbortSignal): Promise<SideReading>;
}
