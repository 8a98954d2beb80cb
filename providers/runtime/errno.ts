/** Whether `error` is the system's error with this code, `ENOENT` for one. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
