import { afterEach, describe, expect, it, vi } from 'vitest';
import { handleKey } from '../../components/input.ts';
import { pickerLines } from '../../components/PickerList.tsx';
import { attach } from '../../store/attach.ts';
import { commands } from '../../store/commands/registry.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { rank } from '../../store/fuzzy.ts';
import { paletteEntries } from '../../store/palette/palette.ts';
import { matching } from '../../store/picker.ts';
import type { PickerOption } from '../../store/state.ts';
import { FakeOrchestrator, pastDeployments } from '../harness/fake-orchestrator.ts';
import { discoveryOf, feature } from '../harness/features.ts';

let end: (() => void) | undefined;
afterEach(() => end?.());

async function open(fake = new FakeOrchestrator({ rows: pastDeployments(30) })): Promise<UiStore> {
  const store = createUiStore({ columns: 120, rows: 40 }, 0);
  attach(store, fake, { actor: { name: 'Ada', face: 'ui' }, now: () => 0 });
  end = () => store.getState().link?.detach();
  await vi.waitFor(() => {
    const { discovery, history, selection } = store.getState();
    expect([discovery.status, history.status, selection.proof.kind]).toEqual(['loaded', 'loaded', 'proved']);
  });
  return store;
}

const press = (store: UiStore, ...keys: string[]) => {
  for (const key of keys) handleKey(store, key);
};
const typed = (store: UiStore, text: string) =>
  press(
    store,
    ':',
    ...text
      .replaceAll(' ', '\u0000')
      .split('')
      .map((c) => (c === '\u0000' ? 'space' : c)),
  );
const labels = (store: UiStore) => {
  const { session, rank: ranked } = store.getState();
  return session.picker ? matching(session.picker, ranked).map(({ option }) => option.label) : [];
};
const option = (label: string, part: Partial<PickerOption> = {}): PickerOption => ({
  label,
  run: () => undefined,
  ...part,
});

describe('the palette', () => {
  it('has every command, each with its key or why it cannot be used', async () => {
    const store = await open();
    const entries = paletteEntries(store.getState(), commands);
    for (const command of commands.filter(({ id }) => id !== 'palette')) {
      const entry = entries.find(({ id }) => id === command.id);
      expect(entry, command.id).toBeDefined();
      expect(entry?.hint ?? '').toContain(command.shown);
    }
    expect(entries.find(({ id }) => id === 'pause')?.whyNot).toBe('it works in Production');
    expect(entries.find(({ id }) => id === 'abort')?.whyNot).toBe('no deployment is under way');
    expect(entries.find(({ id }) => id === 'view-history')?.whyNot).toBeUndefined();
  });

  it('finds by letters in their order, and by the words in any', async () => {
    const store = await open();
    for (const [text, first] of [
      ['rb', 'roll back'],
      ['hist', 'go to History'],
      ['prd', 'go to Production'],
      ['order new', 'order by newest first'],
      ['pr-803', /share a basket/],
      ['basket share', /share a basket/],
      ['20260101_000012', /^20260101_000012 /],
    ] as const) {
      typed(store, text);
      expect(labels(store)[0], text).toEqual(
        typeof first === 'string' ? first : expect.stringMatching(first),
      );
      press(store, 'esc');
    }
  });

  it('does what is picked: a view, an order, a feature, a past deployment', async () => {
    const store = await open();
    typed(store, 'go hist');
    press(store, 'enter');
    expect(store.getState().session.view).toBe('history');
    typed(store, 'order riskiest');
    press(store, 'enter');
    expect(store.getState().session).toMatchObject({ view: 'discovery', sort: 'riskiest' });
    setSession(store, { filter: { view: 'discovery', text: 'helmet', typing: false } });
    typed(store, 'pr-799');
    press(store, 'enter');
    expect(store.getState().session).toMatchObject({
      view: 'discovery',
      filter: undefined,
      detail: { kind: 'feature', id: 'pr-799' },
    });
    typed(store, '20260101_000005');
    press(store, 'enter');
    await vi.waitFor(() =>
      expect(store.getState().session.detail).toMatchObject({ row: { id: '20260101_000005' } }),
    );
    expect(store.getState().session).toMatchObject({ view: 'history', picker: undefined });
  });

  it('puts what was used last first', async () => {
    const store = await open();
    typed(store, 'go analysis');
    press(store, 'enter');
    typed(store, 'go log');
    press(store, 'enter', ':');
    expect(labels(store).slice(0, 2)).toEqual(['go to Log of events', 'go to Analysis']);
  });

  it('keeps what cannot be used in the list, with its reason, and does not do it', async () => {
    const store = await open();
    typed(store, 'abandon');
    press(store, 'enter');
    const { picker } = store.getState().session;
    expect(picker?.text).toBe('abandon');
    if (!picker) return;
    const lines = pickerLines(picker, 100, 20, rank).lines.map((line) =>
      line.map(({ text }) => text).join(''),
    );
    expect(lines.join('\n')).toMatch(/▸ abandon +not now: no deployment is under way/);
  });

  it('offers the environments where there are several, but not while one is being deployed to', async () => {
    const row = {
      description: '',
      url: 'http://127.0.0.1:1',
      deployed: null,
      serving: false,
      active: undefined,
    };
    const fake = new FakeOrchestrator({
      environments: [
        { name: 'production', ...row },
        { name: 'staging', ...row },
      ],
    });
    const store = await open(fake);
    const discover = vi.spyOn(fake, 'discover');
    typed(store, 'environment staging');
    press(store, 'enter');
    expect(store.getState().environment).toBe('staging');
    await vi.waitFor(() => expect(discover).toHaveBeenCalled());
  });

  it('is typed into, not through: its letters do nothing else', async () => {
    const store = await open();
    const before = store.getState().selection.wanted;
    typed(store, '2x?nq');
    expect(store.getState().session).toMatchObject({ view: 'discovery', help: false, quitting: false });
    expect(store.getState().selection.wanted).toBe(before);
  });

  it('looks at so many features only, and none of them acts on the terminal', async () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      feature(`pr-${i}`, { title: `\u001b]0;stolen\u0007 \u202enumber ${i} 日本語` }),
    );
    const store = await open(new FakeOrchestrator({ discovery: discoveryOf(many) }));
    typed(store, 'number 2999');
    const { picker } = store.getState().session;
    expect(picker?.options.filter(({ id }) => id?.startsWith('feature-'))).toHaveLength(1000);
    if (!picker) return;
    const drawn = pickerLines(picker, 100, 20, rank)
      .lines.flat()
      .map(({ text }) => text)
      .join('');
    expect(drawn).toContain('2999');
    // oxlint-disable-next-line no-control-regex
    expect(drawn).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('a list to pick from', () => {
  it('keeps a long name apart from what is told of it', () => {
    const options = [{ ...option('a'.repeat(80)), hint: 'told' }];
    const { lines } = pickerLines({ title: 'Find', options, text: '', at: 0 }, 60, 10);
    expect(
      lines.some((line) =>
        line
          .map(({ text }) => text)
          .join('')
          .endsWith(' told'),
      ),
    ).toBe(true);
  });

  it('marks the letters that matched, never half a character', () => {
    const options = [option('日本 👩‍👩‍👧 roll back')];
    const { lines } = pickerLines({ title: 'Find', options, text: 'rb', at: 0 }, 60, 10, rank);
    expect(lines[2]?.filter(({ bold, tone }) => bold && tone === 'accent').map(({ text }) => text)).toEqual([
      '▸ ',
      'r',
      'b',
    ]);
    expect(lines[2]?.map(({ text }) => text).join('')).toContain('日本 👩‍👩‍👧 roll back');
  });

  it('tells in full below the list why the option under the cursor cannot be picked', () => {
    const whyNot = 'the selection does not apply: leave out what conflicts, or take what it needs as well';
    const picker = {
      title: 'Find',
      options: [option('build', { whyNot }), option('other')],
      text: '',
      at: 0,
    };
    const drawn = (at: number) =>
      pickerLines({ ...picker, at }, 50, 12, rank).lines.map((line) => line.map(({ text }) => text).join(''));
    expect(drawn(0).slice(-2).join(' ')).toBe(`not now: ${whyNot}`);
    expect(drawn(1).at(-1)).toMatch(/^▸ other/u);
  });

  it('finds by whole words until the search is loaded', () => {
    const options = [option('roll back'), option('go to History', { hint: 'H' })];
    expect(matching({ options, text: 'rb' }, undefined)).toEqual([]);
    expect(matching({ options, text: 'back roll' }, undefined).map(({ option: o }) => o.label)).toEqual([
      'roll back',
    ]);
    expect(matching({ options, text: '' }, undefined)).toHaveLength(2);
  });

  it('leaves out what only happens to have the letters', () => {
    const options = ['roll back', 'chore: bump helmet', 'feat(cart): saved baskets'].map((label) =>
      option(label),
    );
    expect(matching({ options, text: 'rb' }, rank).map(({ option: o }) => o.label)).toEqual(['roll back']);
  });
});
