export * from './call-context.ts';
export * from './errors.ts';
export * from './http-transport.ts';
export * from './json.ts';
export * from './link.ts';
export * from './listener.ts';
export * from './transport.ts';
export * from './trpc.ts';
