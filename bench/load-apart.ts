import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';

const answerSchema = z.object({
  answers: z.number(),
  failed: z.number(),
  seconds: z.number(),
  p99: z.number(),
  /** How much of one processor the load itself took, 0 … 1. */
  busy: z.number(),
});
export type Answered = z.infer<typeof answerSchema>;

export interface LoadApart {
  run(question: { port: number; connections: number; requests: number }): Promise<Answered>;
  stop(): void;
}

/** The load in a process of its own, so that it does not wait for what it measures, nor the other way round. */
export function startLoadApart(): LoadApart {
  const child = fork(path.resolve('.build/bench-load.js'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    run: (question) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load ended'));
        child.once('exit', ended);
        child.once('message', (message) => {
          child.off('exit', ended);
          resolve(answerSchema.parse(message));
        });
        child.send(question);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}
