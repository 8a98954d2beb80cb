import path from 'node:path';
import { z } from 'zod';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import { forgotten } from '../domain/choices-memory.ts';
import { savedSelectionSchema, type SavedSelection } from '../domain/choice.ts';
import { runsSince } from '../domain/environments-document.ts';
import type { Deployment } from '../domain/deployment.ts';
import { mostSignOffs, signOffsSchema, type SignOffs } from '../domain/sign-off.ts';
import type { Clock } from '../ports/clock.ts';
import type { Document, Memory } from '../ports/memory.ts';
import { makeFolders, writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { openBackups } from './backups.ts';
import { paperFault, paperText } from './checked-paper.ts';
import { openChangeModel } from './change-model-store.ts';
import { openConfig, withStatistics } from './config-document.ts';
import { openEnvironments, withBrought } from './environments-store.ts';
import { openHistory, type Fold } from './history-store.ts';
import type { Brought, Totals } from './history/totals.ts';
import type { Counted } from './history/totals-store.ts';
import { openJsonDocument, type DocumentContext } from './json-document.ts';
import { checkId, checkInside, layoutOf } from './layout.ts';
import { refuseNewerProgress, writeProgressFiles } from './progress-files.ts';
import { openPacked } from './packed.ts';
import { openPatterns, type Learn } from './patterns-store.ts';
import { readDocument, readPackedDocument } from './read-document.ts';
import { readParts } from './read-parts.ts';
import { writeNewFile } from './new-file.ts';

/** Throws code `bad-document` when a document's name would leave its folder. */
function checkName(name: string): string {
  const parts = name.split('/');
  const plain = parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part));
  if (plain) return name;
  throw new OrchestraError(
    'bad-document',
    `${JSON.stringify(name.slice(0, 80))} cannot be a document's name`,
    {
      exit: exitCode.io,
      hint: 'Names are letters, digits, dots, dashes and "/" between folders.',
    },
  );
}

async function writeDocument(dir: string, folder: string, document: Document): Promise<void> {
  const file = path.join(folder, checkName(document.name));
  const mode = document.executable ? 0o755 : 0o644;
  // In a folder of the history nobody would come by to sweep what a kill left.
  await writeFileAtomic(file, paperText(document), { mode, temporaryIn: dir });
}

/**
 * The memory in `dir` (`deployment_memory/`), which need not exist: the first write makes it. `fold` lets records that
 * were lost or damaged be made again from their journals, `learn` the patterns from the records. One that `onlyLooks` sets
 * nothing aside by reading.
 */
export function openMemory(options: {
  dir: string;
  clock: Clock;
  fold?: Fold;
  learn?: Learn;
  onlyLooks?: boolean;
}): Memory {
  const dir = path.resolve(options.dir);
  const at = layoutOf(dir);
  const warnings: string[] = [];
  const context: DocumentContext = {
    clock: options.clock,
    onlyLooks: options.onlyLooks ?? false,
    warn: (message) => {
      if (!warnings.includes(message)) warnings.push(message);
    },
  };
  const config = openConfig(at.config, context, () => history.rows());
  const selection = openJsonDocument<SavedSelection | null>(
    {
      file: at.selection,
      schema: z.nullable(savedSelectionSchema),
      name: 'orchestra/selection@1',
      empty: () => null,
      checked: true,
    },
    context,
  );
  const changeModel = openChangeModel(at.changeModel, context);
  const signOffs = openJsonDocument<SignOffs>(
    {
      file: at.signOffs,
      schema: signOffsSchema,
      name: 'orchestra/sign-offs@1',
      empty: () => ({ schema: 'orchestra/sign-offs@1', given: [] }),
      checked: true,
    },
    context,
  );
  const history = openHistory(dir, context, options.fold);
  const environments = openEnvironments(at.environments, context, history);
  const patterns = openPatterns(
    { file: at.patterns, current: at.current },
    context,
    { ...history, choicesSince: async () => (await config.read()).user_preferences.choices_since },
    options.learn,
  );

  /** What serves may have come with a deployment that was put away since: it is still the one that tells how it runs. */
  async function servingRecord(id: string): Promise<Deployment | undefined> {
    const { environments: runs } = await environments.read();
    if (!Object.values(runs).some(({ deployment }) => deployment === id)) return undefined;
    for (const { name } of await openBackups({ dir, clock: options.clock }).list()) {
      const put = openHistory(path.join(dir, 'backups', name), context, options.fold);
      const record = await put.record(id);
      if (record) return record;
    }
    return undefined;
  }

  async function leftToNewer<T>(put: () => Promise<T>): Promise<T | undefined> {
    try {
      return await put();
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.code !== 'newer-schema') throw error;
      context.warn(`${error.message}; what this deployment changes there is made up for by the next one`);
      return undefined;
    }
  }

  /** Writes what follows from the history into the documents that tell it; done twice, it changes nothing. */
  async function publish({ totals, brought }: Counted): Promise<void> {
    await environments.take(brought ?? (await lastBrought(totals)));
    await config.update((preferences) => withStatistics(preferences, totals.statistics));
  }

  async function lastBrought({ environments: known }: Totals): Promise<Brought[]> {
    const found: Brought[] = [];
    for (const { succeeded } of Object.values(known)) {
      const record = succeeded === null ? undefined : await history.record(succeeded);
      const runs = record && runsSince(record);
      if (runs) found.push({ environment: record.environment, runs });
    }
    return found;
  }

  /** What follows from the history now; where the last to put one away was left to the next, all of it is counted. */
  async function countedNow(): Promise<Counted | undefined> {
    const known = await history.totals.peek();
    if (known) return known;
    const all = await history.totals.read();
    return all && { totals: all.totals, brought: undefined };
  }

  /** A paper that comes after the archive belongs beside the others. */
  async function isArchived(id: string): Promise<boolean> {
    const [current, archived] = await Promise.all(
      [at.current, at.history].map((folder) => disk.exists(path.join(folder, id))),
    );
    return archived === true && current !== true;
  }

  return {
    dir,
    async preferences() {
      const preferences = await config.read();
      const counted = await countedNow();
      return counted ? withStatistics(preferences, counted.totals.statistics) : preferences;
    },
    patterns: () => patterns.read(),
    updatePatterns: (change) => patterns.update(change),
    async forgetChoices(since) {
      // The preferences first: whoever learns the patterns anew from the records goes by them.
      await config.update((known) => ({
        ...known,
        user_preferences: { ...known.user_preferences, choices_since: since },
      }));
      await patterns.update((known) => ({ ...known, ...forgotten(since) }));
    },
    changeLearning: async () => (await changeModel.read()) ?? undefined,
    async keepChangeLearning(learning) {
      await changeModel.update(() => learning);
    },
    history: () => history.rows(),
    historyWithFacts: (told, signal) => history.complete(told, signal),
    record: async (id) => (await history.record(id)) ?? (await servingRecord(id)),
    async environments() {
      const known = (await environments.read()).environments;
      const counted = await countedNow();
      return withBrought(known, counted ? (counted.brought ?? (await lastBrought(counted.totals))) : []);
    },
    async newest() {
      const found = await history.newest();
      if (found?.anew === true) await history.totals.settle(publish).catch(() => undefined);
      return found?.totals.environments ?? {};
    },
    async archive(deployment) {
      // A later version may have rewritten a document meanwhile: the deployment ends all the same, with the rest put away.
      await leftToNewer(() => history.archive(deployment));
      await leftToNewer(() => history.totals.settle(publish));
    },
    async refuseNewer() {
      await Promise.all([config.read(), patterns.read(), environments.read(), history.newest()]);
      await refuseNewerProgress(at.progress);
    },
    async tidy() {
      const { user_preferences: preferences } = await config.read();
      await history.retain(preferences.retention);
    },
    async settle() {
      await patterns.update((known) => ({ ...known }));
      await history.ensure();
      await history.rows();
      await environments.keep();
      await history.totals.settle(publish);
    },
    selection: async () => (await selection.read()) ?? undefined,
    async saveSelection(chosen) {
      await selection.update(() => chosen);
    },
    async signOffs(environment) {
      const { given } = await signOffs.read();
      return given.flatMap(({ environment: of, ...signOff }) => (of === environment ? [signOff] : []));
    },
    async keepSignOff(environment, signOff) {
      await signOffs.update(({ given, ...rest }) => ({
        ...rest,
        given: [...given, { ...signOff, environment }].slice(-mostSignOffs),
      }));
    },
    async writeDocuments(id, documents) {
      for (const { name } of documents) checkName(name);
      const place = (await isArchived(checkId(id))) ? 'history' : 'current';
      const folder = path.join(at[place], id);
      await makeFolders(folder);
      await checkInside(dir, folder);
      for (const document of documents) await writeDocument(dir, folder, document);
      return documents.map(({ name }) => `${place}/${id}/${name}`);
    },
    async writeAfterwards(id, documents) {
      for (const { name } of documents) checkName(name);
      if (!(await isArchived(checkId(id)))) return false;
      const folder = path.join(at.history, id);
      await checkInside(dir, folder);
      for (const document of documents) await writeDocument(dir, folder, document);
      return true;
    },
    isKept: (id) => isArchived(checkId(id)),
    async readDocument(id, name) {
      const folders = [at.current, at.history].map((folder) => path.join(folder, checkId(id)));
      const found =
        (await readDocument(dir, folders, checkName(name))) ??
        (await readPackedDocument(openPacked(at.archive), id, name));
      const fault = found === undefined ? undefined : paperFault(name, found);
      if (fault === undefined) return found;
      context.warn(
        `${name} of ${id} could not be read (${fault}) and is not shown; the patterns have what it taught, and it stays where it is`,
      );
      return undefined;
    },
    async readParts(id, name, each) {
      const folders = [at.current, at.history].map((folder) => path.join(folder, checkId(id)));
      return readParts(dir, folders, checkName(name), each);
    },
    writeExport: async (name, text) => writeNewFile(dir, at.exports, checkName(name), text),
    pathOf(id, name) {
      checkName(name);
      return path.join(at.current, checkId(id), name);
    },
    writeProgress: (gather, how) => writeProgressFiles(at, options.clock, gather, how),
    takeWarnings: () => warnings.splice(0),
  };
}
