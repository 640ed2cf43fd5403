/** Asks again, without sleeping in between, until the check holds; the test's own timeout ends a hopeless wait. */
export const eventually = async (check: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await check())) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};
