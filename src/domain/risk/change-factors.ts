import { soundCount, type ChangeMetrics } from './change-metrics.ts';
import { changePrior } from './change-prior.ts';

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
    text: (m) => (m.lt < 0.5 ? 'its files are new' : `its files have ${counted(m.lt, 'line')} on average`),
  },
  { name: 'purpose', of: ['fix'], text: (m) => (m.fix ? 'it is a fix' : 'it is no fix') },
  {
    name: 'history',
    of: ['ndev', 'nuc'],
    text: (m) =>
      m.nuc < 0.5
        ? 'nobody changed its files before'
        : `${counted(m.ndev, 'author')} changed its files before, in ${counted(m.nuc, 'change')}`,
  },
  {
    name: 'age',
    of: ['age'],
    text: (m) =>
      m.age < 1
        ? 'its files were changed within the last day'
        : `its files were last changed ${counted(m.age, 'day')} ago`,
  },
  {
    name: 'experience',
    of: ['exp', 'rexp', 'sexp'],
    text: (m) =>
      m.exp < 0.5
        ? "its author's first change"
        : `its author made ${counted(m.exp, 'change')} before, ${Math.round(soundCount(m.sexp)).toLocaleString('en-US')} of them here`,
  },
];

/** A change as most are: what a factor's effect is measured from. */
function usual(): ChangeMetrics {
  const of = (name: keyof typeof changePrior.scales): number => Math.expm1(changePrior.scales[name][0]);
  return {
    ns: of('ns'),
    nd: of('nd'),
    nf: of('nf'),
    entropy: of('entropy'),
    la: of('la'),
    ld: of('ld'),
    lt: of('lt'),
    fix: false,
    ndev: of('ndev'),
    age: of('age'),
    nuc: of('nuc'),
    exp: of('exp'),
    rexp: of('rexp'),
    sexp: of('sexp'),
  };
}

/**
 * What the probability of a defect comes from: for each group of metrics, how it would change were the group as it
 * usually is and everything else as it is. Strongest first; effects below half a percentage point are left out.
 */
export function factorsOf(
  metrics: ChangeMetrics,
  defectOf: (metrics: ChangeMetrics) => number,
): ChangeFactor[] {
  const own = defectOf(metrics);
  const typical = usual();
  return groups
    .map((group) => {
      const without = { ...metrics };
      for (const name of group.of) Object.assign(without, { [name]: typical[name] });
      return { name: group.name, effect: own - defectOf(without), text: group.text(metrics) };
    })
    .filter(({ effect }) => Math.abs(effect) >= 0.005)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}
