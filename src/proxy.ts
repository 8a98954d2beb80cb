import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from './domain/errors.ts';
import type { StartMessage } from '../providers/routers/embedded/protocol.ts';
import { startProxy } from '../providers/routers/embedded/server.ts';

const argumentsSchema = z.object({
  folder: z.string().min(1),
  host: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535),
  'dead-man-ms': z.coerce.number().int().positive().optional(),
});

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/** Tells whoever started this process how it went, and lets go of them; they may be gone already. */
function tellStarter(message: StartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => {
      if (process.connected) process.disconnect();
      resolve();
    });
  });
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    'dead-man-ms': { type: 'string' },
  },
});
const given = argumentsSchema.parse(values);

// The terminal that started a deployment may close; its traffic goes on.
process.on('SIGHUP', () => log('SIGHUP ignored'));
process.on('uncaughtException', (error) => log(`unexpected: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (error) => log(`unexpected: ${messageOf(error)}`));

async function serve(): Promise<never> {
  try {
    const proxy = await startProxy({
      folder: given.folder,
      host: given.host,
      port: given.port,
      ...(given['dead-man-ms'] === undefined ? {} : { deadManMs: given['dead-man-ms'] }),
      log,
    });
    process.on('SIGTERM', () => void proxy.stop());
    process.on('SIGINT', () => void proxy.stop());
    await tellStarter({ kind: 'ready' });
    await proxy.stopped;
    process.exit(0);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    log(`cannot start: ${messageOf(error)}`);
    await tellStarter({ kind: 'failed', code, message: messageOf(error) });
    process.exit(1);
  }
}

void serve();
