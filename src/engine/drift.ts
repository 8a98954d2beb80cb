import type { RunsWhere } from '../domain/environments-document.ts';
import type { Version } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';
import { saysVersion, wrongVersionText } from '../domain/says-version.ts';
import type { DriftNote, PlaceLook } from './environment-report.ts';

export interface Found {
  environment: string;
  /** What the record in git says. */
  deployed: Version | null;
  /** What the history says was brought last. */
  runs: RunsWhere | undefined;
  places: readonly PlaceLook[];
  /** A deployment is under way: router and processes are between two versions. */
  underWay: boolean;
  /** `orchestra.yaml` is another than the one that was deployed by. */
  settingsChanged: boolean;
}

/** Where record, history, router and processes do not say the same, worst first. Pure. */
export function driftOf(found: Found): DriftNote[] {
  const { deployed, runs, places, underWay } = found;
  const notes = [
    ...recordDrift(found),
    ...(underWay ? [] : places.flatMap((place) => placeDrift(place, deployed, places.length > 1))),
    ...(found.settingsChanged
      ? [
          note(
            'settings',
            'info',
            'orchestra.yaml has changed since: the next deployment goes by the new one',
          ),
        ]
      : []),
    ...(runs && deployed && runs.version.sha === deployed.sha && !runs.verified
      ? [note('history', 'info', `${runs.deployment}, which brought it, did not see it healthy to its end`)]
      : []),
  ];
  const order = { bad: 0, warn: 1, info: 2 } as const;
  return notes.toSorted((a, b) => order[a.tone] - order[b.tone]);
}

function recordDrift({ environment, deployed, runs, underWay }: Found): DriftNote[] {
  if (!runs || runs.version.sha === deployed?.sha) return [];
  // Between the promotion and the end of a deployment the record is ahead of the history.
  if (underWay) return [];
  const brought = `${runs.deployment} brought ${words(runs.version)}`;
  return [
    deployed
      ? note('record', 'warn', `the record says ${words(deployed)}, but ${brought}: something else moved it`)
      : note(
          'record',
          'bad',
          `${brought}, but refs/orchestra/deployed/${environment} is gone: a deployment would take it for the first one`,
        ),
  ];
}

function placeDrift(place: PlaceLook, deployed: Version | null, several: boolean): DriftNote[] {
  const { router, copies, wanted, asked } = place;
  const name = place.region === undefined ? place.service : `${place.service} in ${place.region}`;
  const say = (about: DriftNote['about'], tone: DriftNote['tone'], text: string) =>
    note(about, tone, several ? `${name}: ${text}` : text);
  if (!router) return deployed ? [say('router', 'bad', 'no router runs: nobody is served')] : [];
  const { stable, candidate, weight } = router;
  const notes: DriftNote[] = [];
  if (!stable && deployed) notes.push(say('router', 'bad', 'the router leads nowhere: nobody is served'));
  if (stable && stable.sha !== deployed?.sha)
    notes.push(
      say(
        'router',
        'bad',
        `the router gives the traffic to ${words(stable)}, the record says ${deployed ? words(deployed) : 'that nothing is deployed'}`,
      ),
    );
  if (candidate && weight > 0)
    notes.push(
      say(
        'router',
        'bad',
        `${weight} % of the traffic goes to ${words(candidate)}, and nothing is under way`,
      ),
    );
  if (stable) {
    const own = copies.filter(({ version }) => version.sha === stable.sha);
    const sick = own.filter(({ healthy }) => !healthy);
    if (own.length === 0) notes.push(say('process', 'bad', `no process of ${words(stable)} runs`));
    else if (own.length < wanted) notes.push(say('process', 'warn', `${own.length} of ${wanted} copies run`));
    if (sick.length > 0)
      notes.push(
        say(
          'process',
          'bad',
          own.length === 1
            ? `its process (pid ${sick[0]?.pid}) does not answer its health check`
            : `${sick.length} of ${own.length} copies do not answer their health check`,
        ),
      );
  }
  if (asked && stable && (asked.answer === undefined || !saysVersion(asked.answer, stable)))
    notes.push(say('version', 'bad', wrongVersionText(`${place.url}${asked.path}`, asked.answer, stable)));
  return notes;
}

const words = ({ name, sha }: Version) =>
  name.includes(sha.slice(0, 7)) ? name : `${name} (${sha.slice(0, 7)})`;

function note(about: DriftNote['about'], tone: DriftNote['tone'], text: string): DriftNote {
  return { about, tone, text: safeText(text, 500) };
}
