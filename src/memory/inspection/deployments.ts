import path from 'node:path';
import { failed, passed, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import type { Deployment } from '../../domain/deployment.ts';
import {
  deploymentOf,
  deploymentRecordName,
  deploymentRecordSchema,
} from '../../domain/deployment-record.ts';
import { messageOf } from '../../domain/errors.ts';
import { disk, type FolderEntry } from '../../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../../providers/runtime/errno.ts';
import type { Fold } from '../history-store.ts';
import { parseReadable } from '../journal-lines.ts';
import { JsonFile } from '../json-file.ts';
import { deploymentIdPattern, layoutOf } from '../layout.ts';

/** What is amiss with one deployment's files. */
export interface DeploymentLook {
  journal: Finding | undefined;
  record: Finding | undefined;
}

/** Ids of deployments in a folder, newest first. */
export async function idsNewestFirst(folder: string): Promise<string[]> {
  const entries = await disk.list(folder).catch(ifMissing<FolderEntry[]>([]));
  return entries
    .map(({ name }) => name)
    .filter((name) => deploymentIdPattern.test(name))
    .toSorted()
    .toReversed();
}

/** Journals and records of what runs and of the newest of the history, each read once. */
export async function inspectDeployments(dir: string, newest: number, fold: Fold) {
  const at = layoutOf(dir);
  const [current, history] = await Promise.all([at.current, at.history].map(idsNewestFirst));
  const looked = (history ?? []).slice(0, newest);
  const looks: DeploymentLook[] = [];
  for (const id of current ?? []) looks.push(await lookAt(path.join(at.current, id), id, fold, false));
  for (const id of looked) looks.push(await lookAt(path.join(at.history, id), id, fold, true));
  const left = (history?.length ?? 0) - looked.length;
  const rest = left > 0 ? `, the newest of ${history?.length}: --all reads every one` : '';
  const summary = (what: string): Finding => passed(`${counted(looks.length, what)} whole${rest}`);
  const findings = (pick: (look: DeploymentLook) => Finding | undefined, what: string) => {
    const found = looks.flatMap((look) => pick(look) ?? []);
    return found.length > 0 ? found : [summary(what)];
  };
  return {
    journals: findings(({ journal }) => journal, 'journal'),
    records: findings(({ record }) => record, 'record'),
  };
}

async function lookAt(folder: string, id: string, fold: Fold, finished: boolean): Promise<DeploymentLook> {
  let folded: Deployment | undefined;
  let journal: Finding | undefined;
  try {
    const bytes = await disk.read(path.join(folder, 'journal.ndjson'));
    const { events, length, bad, newer } = parseReadable(bytes, id);
    if (newer !== undefined)
      journal = failed(
        `the journal of ${id} was written by a later version of orchestrate`,
        'Update orchestrate: nothing of it is cut or changed by this one.',
      );
    else if (bad !== undefined)
      journal = failed(
        `the journal of ${id} cannot be read from event ${bad} on; ${events.length} before it can`,
        finished
          ? `Its record is shown as it is; a copy of the file may bring ${folder}/journal.ndjson back.`
          : '`orchestrate resume` cuts it there, keeps a copy beside it, and rolls back what is not known.',
      );
    else if (length < bytes.length)
      journal = warning(
        `the journal of ${id} ends in the middle of a decision (${bytes.length - length} bytes)`,
        finished
          ? 'Nothing before it is lost.'
          : 'It is cut off when the deployment goes on; nothing before it is lost.',
      );
    else folded = fold(events);
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      journal = finished
        ? warning(`${id} has no journal; its record stands alone`)
        : warning(`${id} never began`, 'It is harmless.');
    else
      journal = failed(
        `the journal of ${id} cannot be read: ${messageOf(error)}`,
        'Check its rights and the disk.',
      );
  }
  return { journal, record: finished ? await recordOf(folder, id, folded) : undefined };
}

async function recordOf(
  folder: string,
  id: string,
  folded: Deployment | undefined,
): Promise<Finding | undefined> {
  const file = path.join(folder, 'deployment.json');
  try {
    const found = await new JsonFile(file, deploymentRecordSchema, deploymentRecordName, {
      checked: true,
    }).read();
    if (!found)
      return folded
        ? warning(`${id} has no record; it is made from its journal at each look`)
        : failed(
            `${id} has neither a record nor a journal that can be read`,
            `Look at ${folder}; it is not listed.`,
          );
    return disagreement(id, deploymentOf(found), folded);
  } catch (error) {
    return failed(
      `the record of ${id} does not parse: ${messageOf(error)}`,
      folded
        ? 'It is set aside and made from its journal when it is read.'
        : `A copy may bring ${file} back.`,
    );
  }
}

function disagreement(id: string, record: Deployment, folded: Deployment | undefined): Finding | undefined {
  if (record.id !== id)
    return failed(`the record in ${id} is that of ${record.id}`, 'Move it to its own folder.');
  if (!folded) return undefined;
  const say = ({ status, candidate }: Deployment) =>
    `${status.kind === 'finished' ? status.outcome : status.kind}${candidate.kind === 'promoted' ? ` with ${candidate.version.name}` : ''}`;
  if (say(record) === say(folded)) return undefined;
  return failed(
    `the record of ${id} says ${say(record)}, its journal ${say(folded)}`,
    'The journal counts: move deployment.json away, and it is made again.',
  );
}
