export * from './asking-provider.ts';
export * from './fixtures.ts';
export * from './hinting-provider.ts';
export * from './memory-provider.ts';
export * from './payment-provider-suite.ts';
export * from './provider-under-test.ts';
export * from './shape.ts';
export * from './test-clock.ts';
