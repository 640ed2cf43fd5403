// oxlint-disable-next-line import/no-default-export -- vitest reads the default export
export default {
  test: { globalSetup: './src/testing/stripe-schema/prepare.ts' },
};
