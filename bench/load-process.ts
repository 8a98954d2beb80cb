import { z } from 'zod';
import { load } from './load.ts';

const questionSchema = z.object({ port: z.number(), connections: z.number(), requests: z.number() });

process.on('message', (message) => {
  const question = questionSchema.parse(message);
  const before = process.cpuUsage();
  void load(question).then(({ answers, failed, seconds, times }) => {
    const { user, system } = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    process.send?.({
      answers,
      failed,
      seconds,
      p99: times[Math.floor(times.length * 0.99)] ?? 0,
      busy: (user + system) / 1e6 / seconds,
    });
  });
});
process.on('disconnect', () => process.exit(0));
