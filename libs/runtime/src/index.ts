export * from './clock-file.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './follow-clock.ts';
export * from './listen.ts';
export * from './log.ts';
export * from './run.ts';
