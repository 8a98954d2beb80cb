import type { AuditEntry } from '../src/domain/audit.ts';
import { actWords, auditLine } from '../src/domain/audit-words.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { openPicker } from './picker.ts';
import { problemOf } from './problem.ts';
import { fail, tell } from './say.ts';

/** Entries that are offered, the newest; the rest is for `orchestrate audit`. */
const offered = 200;

/** Looking at who did what; every method answers through the store and never throws. */
export interface AuditLook {
  /** Lists the newest entries of the audit trail; typing narrows them, picking one tells all of it. */
  askAudit(): Promise<void>;
}

/** Reads the audit trail for the screen. */
export function createAuditLook(store: UiStore, orchestrator: Orchestrator): AuditLook {
  return {
    async askAudit() {
      if (store.getState().busy) return;
      store.setState({ busy: 'the audit trail is being read' });
      try {
        const entries: AuditEntry[] = [];
        for await (const entry of orchestrator.auditEntries()) {
          entries.push(entry);
          if (entries.length === offered) break;
        }
        if (entries.length === 0) tell(store, 'Nothing is in the audit trail yet.');
        else
          openPicker(store, {
            title: 'Who did what',
            options: entries.map((entry) => ({
              label: `${entry.at.slice(5, 16).replace('T', ' ')} ${entry.who.name}: ${actWords(entry)}`,
              hint: [entry.subject, entry.why].filter((part) => part !== undefined).join(', '),
              run: () => tell(store, auditLine(entry)),
            })),
          });
      } catch (error) {
        fail(store, problemOf(error));
      } finally {
        store.setState({ busy: undefined });
      }
    },
  };
}
