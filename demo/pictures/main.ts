import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealTerminal } from '../../test/harness/terminal.ts';
import { featuresOf } from '../answers.ts';
import { ensureLoad } from '../load/load-process.ts';
import { placesIn, programsIn } from '../places.ts';
import { awaitLoad, ensureSample, ensureServing, stopDemo, urlOf } from '../prepare.ts';
import { openProduct } from '../product.ts';
import { people } from '../sample/people.ts';
import { goodPulls, misbehavingPull, withPull } from '../story.ts';
import { drawScreen } from './draw.ts';
import { darkPaper, lightPaper } from './palette.ts';

const columns = 108;

/** Rows for a list with its reasons, for a rollout, and for a short table. */
const rows = { selection: 37, production: 28, history: 17 };

/** The views that are only worth a look once something happened: name, key, rows, title, description. */
const later = [
  [
    'analysis',
    'A',
    37,
    'What past deployments say together',
    'The analysis: the trend of success, what succeeds by type, size and time, how good the forecasts were, and the four DORA figures.',
  ],
  [
    'environments',
    'E',
    28,
    'What runs where',
    'The environments side by side: versions, what one has that another has not, locks and approvals.',
  ],
] as const;

/** What a stage may take on a busy machine: it installs, starts and tests a version. */
const patienceMs = 90_000;

/**
 * Plays the demo in a pseudo-terminal and draws its screens into `docs/pictures`: a choice, a canary under way, and the
 * history after a roll-out that was taken back. Everything else it makes is temporary, and all it starts is ended.
 */
async function takePictures(root: string): Promise<void> {
  const target = path.join(root, 'docs', 'pictures');
  const programs = programsIn(root);
  const places = placesIn(mkdtempSync(path.join(tmpdir(), 'orchestra-pictures-')));
  const product = openProduct(programs.product, places);
  const say = (line: string) => {
    process.stderr.write(`${line}\n`);
  };
  let terminal: RealTerminal | undefined;
  try {
    say('Making the sample …');
    await ensureSample(places, programs.sample, 4810);
    // The pictures are of the sample's people, not of who takes them.
    execFileSync('git', ['-C', places.shop, 'config', 'user.name', people.emma.name]);
    await ensureServing(product, places, say);
    ensureLoad({ program: programs.load, folder: places.folder, url: urlOf(places), boundToMe: true });
    await awaitLoad(places);
    mkdirSync(target, { recursive: true });
    const waiting = featuresOf(await product.run(['discover']));
    const good = goodPulls.map((pull) => withPull(waiting, pull).id);
    await product.run(['select', good.join(',')]);

    const ui = new RealTerminal(process.execPath, [programs.product, '-C', places.shop], {
      cols: columns,
      rows: rows.selection,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        LANG: 'C.UTF-8',
        TERM: 'xterm-256color',
        COLORTERM: 'truecolor',
        ORCHESTRA_STATE_DIR: places.state,
        ORCHESTRA_VERIFICATION: 'off',
        ORCHESTRA_WARM_START: 'off',
        // Nobody's own choices are in the pictures.
        XDG_CONFIG_HOME: path.join(places.folder, 'config'),
        ORCHESTRA_TOUR: '0',
      },
    });
    terminal = ui;
    const shown = (wanted: string | RegExp) => ui.waitFor(wanted, patienceMs);
    const picture = async (name: string, title: string, description: string, paper = darkPaper) => {
      // After the window changed the frame before is cut off until the next one stands.
      await ui.waitFor((screen) => screen.split('\n').at(-2)?.startsWith('└') === true, patienceMs);
      // The last row stays empty: the program leaves it to the terminal.
      const screen = ui.cells().slice(0, -1);
      writeFileSync(path.join(target, `${name}.svg`), drawScreen(screen, { title, description }, paper));
      say(`${name}.svg`);
    };
    /** Presses keys, a moment apart: an esc that is followed at once is the beginning of a sequence. */
    const press = async (...keys: string[]) => {
      for (const key of keys) {
        ui.press(key);
        await sleep(150);
      }
    };

    await shown(/\d+ features · /);
    ui.press('2');
    await shown(/✔ proved/);
    // The first feature that cannot ship without another shows most of what the pane can say.
    for (let i = 0; i < 30 && !/ needs /.test(ui.screen()); i += 1) {
      ui.press('down');
      await sleep(150);
    }
    await shown(/✔ proved[^]* needs /);
    await picture(
      'selection',
      'Choosing what to ship',
      'The selection pane: features in four buckets with their chance of success, the reasons for the one under the cursor, and the proof that the choice applies on its base.',
    );

    await press(':');
    await shown('Find a command');
    await press('r', 'o');
    await shown('roll back');
    await picture(
      'palette',
      'Every command, by its letters',
      'The palette over the selection: commands, views, features and past deployments, found by what is typed.',
    );
    await press('esc');

    ui.press('n');
    await shown('staging is done');
    await press('enter');
    await sleep(1000);
    await picture(
      'staging',
      'What is shipped, on paper',
      'A paper of the candidate, read in place: what it holds, how it is rolled out and taken back, and what a person has to do.',
    );
    await press('esc');
    ui.press('n');
    await shown('testing is done');
    await picture(
      'testing',
      'The candidate is tested',
      'The testing pane: every suite with its outcome and how long it took; a failure would block production.',
    );
    ui.resize(columns, rows.production);
    await sleep(300);
    ui.press('n');
    await shown('Start the rollout?');
    ui.press('right', 'enter');
    await shown(/▸\s+25 % .*\b[1-4] s left/);
    await picture(
      'production',
      'A canary under way',
      'The production pane: 25 % of the users are on the candidate; errors and latencies of both versions stand side by side, with every decision below.',
    );
    await shown(/succeeded/i);

    const suspect = withPull(featuresOf(await product.run(['discover'])), misbehavingPull);
    say(`Shipping "${suspect.title}", which has to be taken back …`);
    await product.run(['deploy', '--select', suspect.id, '--strategy', 'canary', '--yes', '--no-input']);
    await product.run(['deploy', 'rollback', '--yes', '--no-input']);
    ui.resize(columns, rows.history);
    ui.press('H', 'u', 'g');
    await shown(/deployment .*outcome[^]*back to main[^]*rolled back/);
    await picture(
      'history',
      'Past deployments',
      'The history table: the first version, a canary that succeeded, one that was rolled back by itself, and a return to the first version.',
    );
    for (const [name, key, height, title, description] of later) {
      ui.resize(columns, height);
      await press(key);
      await sleep(1500);
      await picture(name, title, description);
    }
    ui.resize(columns, rows.selection);
    await press('2');
    // What was taken back waits again, and is proved on what runs now.
    await sleep(3000);
    await press('T');
    await shown('high contrast');
    await press('down', 'enter');
    await sleep(500);
    await picture(
      'light',
      'The light theme',
      'The selection on a light background: every colour is readable there too, and words and marks say the same.',
      lightPaper,
    );
    await press('q');
    await ui.exited;
  } finally {
    await terminal?.close();
    await stopDemo(places);
    rmSync(places.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

// The bundle lies in `.build/`, one below the repository's root.
await takePictures(path.resolve(import.meta.dirname, '..'));
