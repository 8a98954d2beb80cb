import type { Deployment } from './deployment.ts';
import { numbersOf } from './place-state.ts';
import { candidatePlaces, placeName, placesMoved, weightsAt } from './places.ts';
import { errorsOf, histogramOf, quantile } from './sample.ts';

/** How the candidate fares in one place, since it has traffic there. */
export interface PlaceRow {
  place: string;
  service: string;
  region: string | undefined;
  /** `api in eu`. */
  name: string;
  host: string;
  port: number;
  /** Whether the phase under way moves it. */
  moves: boolean;
  /** The candidate's share, percent: as it should be, and as it was read last (undefined before). */
  weight: { wanted: number; actual: number | undefined };
  requests: number;
  errors: number;
  /** Milliseconds. */
  p95: number | undefined;
  healthy: boolean | undefined;
}

/** A row for each place, where there is more than one; none else. */
export function placeRows(d: Deployment): PlaceRow[] {
  const places = candidatePlaces(d.plan);
  if (places.length < 2) return [];
  const moved = placesMoved(d.plan, d.phase);
  const wanted = d.weight.wanted > 0 ? weightsAt(d.plan, d.phase) : undefined;
  return places.map((place) => {
    const last = numbersOf(d, place.key).samples.at(-1);
    return {
      place: place.key,
      service: place.service.name,
      region: place.region,
      name: placeName(place),
      host: place.host,
      port: place.port,
      moves: d.phase >= 0 && moved.includes(place.key),
      weight: {
        wanted: wanted?.get(place.key) ?? 0,
        actual: d.restored ? 0 : last?.weight,
      },
      requests: last?.candidate.requests ?? 0,
      errors: last ? errorsOf(last.candidate) : 0,
      p95: last ? quantile(histogramOf(last.candidate), 0.95) : undefined,
      healthy: last ? last.health.healthy === last.health.total : undefined,
    };
  });
}
