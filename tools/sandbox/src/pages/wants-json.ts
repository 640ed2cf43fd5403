/** Whether the caller is a program rather than a browser. */
export const wantsJson = (request: Request): boolean =>
  (request.headers.get('accept') ?? '').includes('application/json');
