import { counted } from '../../domain/counted.ts';
import { type GateResult, type GateTime, stopping } from '../../domain/gate.ts';
import { safeText } from '../../domain/safe-text.ts';

const marks = { passed: '✔', failed: '✖', skipped: '–' } as const;
const times: Readonly<Record<GateTime, string>> = {
  before: 'Before production',
  during: 'During the rollout',
  after: 'After the rollout',
};

/** Gates for people: how each stands, with what it found and what to do about it. */
export function showGates(environment: string, results: readonly GateResult[]): string[] {
  const widest = Math.max(...results.map(({ id }) => id.length));
  const stops = stopping(results);
  const groups = [...new Set(results.map(({ when }) => when))];
  return [
    ...groups.flatMap((when) => [
      times[when],
      ...results.filter((result) => result.when === when).flatMap((result) => lines(result, widest)),
    ]),
    stops.length === 0
      ? `Nothing stops a deployment to ${environment}`
      : `${counted(stops.length, 'gate')} would stop a deployment to ${environment}: ${stops.map(({ id }) => id).join(', ')}`,
  ].map((line) => safeText(line, 1000));
}

function lines({ id, status, severity, detail, fix, override }: GateResult, widest: number): string[] {
  const indent = ' '.repeat(widest + 5);
  const told = status === 'failed' && severity === 'warning' ? ' (told only)' : '';
  return [
    `  ${marks[status]} ${id.padEnd(widest)} ${detail}${told}`,
    ...(override ? [`${indent}let pass by ${override.by}: ${override.why}`] : []),
    ...(fix === undefined || override ? [] : [`${indent}→ ${fix}`]),
  ];
}
