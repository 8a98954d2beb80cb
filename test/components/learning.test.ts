import { expect, it } from 'vitest';
import { learningLines } from '../../components/panes/LearningPane.tsx';
import { createUiStore } from '../../store/create-store.ts';
import type { UiState } from '../../store/state.ts';
import { whyNotNext } from '../../store/reasons.ts';
import { aDeployment, aSuccess } from '../harness/deployment.ts';

const deployment = aSuccess();
const shown = (learning: UiState['learning']) =>
  learningLines({ ...createUiStore({ columns: 120, rows: 40 }, 0).getState(), learning }, deployment, 100)
    .flat()
    .map(({ text }) => text)
    .join('\n');

it('M1 the learning pane says that a report is not there only once it was looked for', () => {
  const { id } = deployment;
  const absent = 'Its learning report is not there';
  for (const early of [undefined, { id, status: 'reading' }, { id: 'other', status: 'read' }] as const) {
    expect(shown(early)).not.toContain(absent);
    expect(shown(early)).toContain('what changed by it is being read');
  }
  expect(shown({ id, status: 'failed' })).toContain('Its learning report cannot be read.');
  expect(shown({ id, status: 'failed' })).not.toContain(absent);
  expect(shown({ id, status: 'read' })).toContain(absent);
});

it('n on Production does not speak of a rollout that has not begun', () => {
  const state = createUiStore({ columns: 120, rows: 40 }, 0).getState();
  const why = whyNotNext({
    ...state,
    session: { ...state.session, view: 'production' },
    deployment: aDeployment().built().build(),
  });
  expect(why).toMatch(/^nothing is rolled out yet/);
});
