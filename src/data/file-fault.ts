/** What a file system says, in words: `permission denied (EACCES)`. */

/**
 * The reason of an error of Node's fs, without its call and its path, which may be that of a temporary file; other errors'
 * message.
 */
export function faultOfFile(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  // `EACCES: permission denied, open '/etc/shadow'`
  const words = /^[A-Z\d]+: ([^,]+)/.exec(error.message)?.[1];
  return code !== undefined && words !== undefined ? `${words} (${code})` : error.message;
}

/** Whether an error says that there is nothing at a path, and not that one may not look. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  // The last is Node's, for a path with a zero in it.
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE';
}
