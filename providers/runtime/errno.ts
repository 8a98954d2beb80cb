/** Whether `error` is the system's error with this code, `ENOENT` for one. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** For `.catch`: `value` where there is no such file or folder; any other failure is thrown on, never taken for that. */
export function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, 'ENOENT')) return value;
    throw error;
  };
}
