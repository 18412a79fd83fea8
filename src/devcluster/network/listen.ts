/** Listens on a free port where the one that is wanted cannot be bound: privileged, or taken by another program. */
export async function listenOrMove<T>(port: number, listen: (port: number) => Promise<T>): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (port === 0 || (code !== 'EACCES' && code !== 'EADDRINUSE')) throw error;
    return listen(0);
  }
}
