import { countedMetrics } from './change-inputs.ts';
import { soundCount, type ChangeMetrics } from './change-metrics.ts';
import { usualOf, type MetricShares } from './metric-shares.ts';

/** One thing about a change that moves its probability of a defect. */
export interface ChangeFactor {
  /** Which group of metrics: `size`, `spread`, `files`, `purpose`, `history`, `age`, `experience`. */
  name: string;
  /** By how much it changes the probability of a defect, signed. */
  effect: number;
  /** In words, such as "spread over 9 files in 4 folders". */
  text: string;
}

const counted = (value: number, one: string, many = `${one}s`): string => {
  const n = Math.round(soundCount(value));
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
};

/** The metrics that are looked at together, and how that is said. */
const groups: readonly {
  name: string;
  of: readonly (keyof ChangeMetrics)[];
  text: (metrics: ChangeMetrics) => string;
}[] = [
  {
    name: 'size',
    of: ['la', 'ld'],
    text: (m) => `${counted(m.la, 'line')} added, ${counted(m.ld, 'line')} deleted`,
  },
  {
    name: 'spread',
    of: ['nf', 'nd', 'ns', 'entropy'],
    text: (m) =>
      m.nf < 1.5 ? 'touches one file' : `spread over ${counted(m.nf, 'file')} in ${counted(m.nd, 'folder')}`,
  },
  {
    name: 'files',
    of: ['lt'],
    text: (m) => (m.lt < 0.5 ? 'its files are new' : `its files had ${counted(m.lt, 'line')} before`),
  },
  { name: 'purpose', of: ['fix'], text: (m) => (m.fix ? 'it is a fix' : 'it is no fix') },
  {
    name: 'history',
    of: ['ndev', 'nuc'],
    text: (m) =>
      m.nuc <= m.nf
        ? 'its files were never changed before'
        : `its files were changed ${counted(m.nuc - m.nf, 'time')} before, by ${counted(m.ndev, 'author')} with its own`,
  },
  {
    name: 'age',
    of: ['age'],
    text: (m) =>
      m.lt < 0.5
        ? 'its files are new'
        : m.age < 1
          ? 'its files were changed within the last day'
          : `its files were last changed ${counted(m.age, 'day')} ago`,
  },
  {
    name: 'experience',
    of: ['exp', 'rexp', 'sexp'],
    text: (m) =>
      m.exp <= m.nf
        ? 'its author never changed anything here before'
        : `its author changed files ${counted(m.exp - m.nf, 'time')} here before`,
  },
];

/**
 * What the probability of a defect comes from: for each group of metrics, how it would change were the group as it
 * usually is in this repository and everything else as it is. Strongest first; effects below half a percentage point are left out.
 */
export function factorsOf(
  metrics: ChangeMetrics,
  shares: MetricShares,
  defectOf: (metrics: ChangeMetrics) => number,
): ChangeFactor[] {
  const own = defectOf(metrics);
  const usual = { ...metrics, fix: false };
  for (const name of countedMetrics) usual[name] = usualOf(shares, name);
  return groups
    .map((group) => {
      const without = { ...metrics };
      for (const name of group.of) Object.assign(without, { [name]: usual[name] });
      return { name: group.name, effect: own - defectOf(without), text: group.text(metrics) };
    })
    .filter(({ effect }) => Math.abs(effect) >= 0.005)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}
