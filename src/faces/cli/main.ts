/** Runs one command line; its exit code. */
export async function main(argv: string[]): Promise<number> {
  process.stderr.write(`orchestrate: unknown command ${argv[0] ?? ''}\n`);
  return 2;
}
